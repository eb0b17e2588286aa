package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CoarseClockTests {

    private final AtomicLong wall = new AtomicLong(1_000_000);

    private final AtomicLong nanos = new AtomicLong(5);

    private final CoarseClock clock = new CoarseClock(wall::get, nanos::get);

    @Test
    void readsTheSystemClockWhileNobodyKeepsItRunning() {
        assertThat(clock.millis()).isEqualTo(1_000_000);
        pass(25);
        assertThat(clock.millis()).isEqualTo(1_000_025);
        assertThat(clock.instant().toEpochMilli()).isEqualTo(1_000_025);
    }

    @Test
    void goesOnWhenTheSystemClockIsSetBack() {
        assertThat(clock.millis()).isEqualTo(1_000_000);
        wall.addAndGet(-500_000);
        assertThat(clock.millis()).isEqualTo(1_000_000);
        pass(10);
        assertThat(clock.millis()).isEqualTo(1_000_010);
    }

    @Test
    void followsWhenTheSystemClockIsSetForward() {
        assertThat(clock.millis()).isEqualTo(1_000_000);
        wall.addAndGet(3_600_000);
        assertThat(clock.millis()).isEqualTo(4_600_000);
    }

    @Test
    void partsOfMillisecondsAreNotLost() {
        wall.set(0);
        assertThat(clock.millis()).isZero();
        for (int i = 0; i < 10; i++) {
            nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(700));
            clock.millis();
        }
        assertThat(clock.millis()).isEqualTo(7);
    }

    @Test
    void tellsTheTimeOfTheLastTickWhileItRuns() {
        clock.acquire();
        try {
            assertThat(clock.millis()).isEqualTo(1_000_000);
            pass(5_000);
            assertThat(reaches(1_005_000)).isTrue();
        } finally {
            clock.release();
        }
    }

    @Test
    void threadEndsWithItsLastUser() {
        clock.acquire();
        clock.acquire();
        clock.release();
        pass(50);
        assertThat(reaches(1_000_050)).isTrue();
        Thread thread = clock.thread();
        clock.release();
        assertThat(thread).isNotNull();
        assertThat(ends(thread)).isTrue();
        pass(50);
        assertThat(clock.millis()).isEqualTo(1_000_100);
    }

    @Test
    void runsAgainForANewUser() {
        clock.acquire();
        clock.release();
        clock.acquire();
        try {
            pass(50);
            assertThat(reaches(1_000_050)).isTrue();
        } finally {
            clock.release();
        }
    }

    private void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        wall.addAndGet(millis);
    }

    private boolean reaches(long millis) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (clock.millis() < millis && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return clock.millis() == millis;
    }

    private static boolean ends(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
        return !thread.isAlive();
    }
}
