package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HousekeeperTests {

    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void repeatsATaskUntilItHasEnough() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(3);
        Housekeeper.shared().repeat(SOON, () -> {
            if (runs.incrementAndGet() == 3) {
                third.countDown();
                return false;
            }
            return true;
        });
        assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
        Housekeeper.shared().repeat(SOON, () -> {
            later.countDown();
            return later.getCount() > 0;
        });
        assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(3);
    }

    @Test
    void taskThatThrowsIsDroppedAndOthersGoOn() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch others = new CountDownLatch(3);
        Housekeeper.shared().repeat(SOON, () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("expected by the test");
        });
        Housekeeper.shared().repeat(SOON, () -> {
            others.countDown();
            return others.getCount() > 0;
        });
        assertThat(others.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(1);
    }

    @Test
    void threadIsADaemonThatHoldsNoClassLoader() throws Exception {
        Thread[] seen = new Thread[1];
        CountDownLatch ran = new CountDownLatch(1);
        Housekeeper.shared().repeat(SOON, () -> {
            seen[0] = Thread.currentThread();
            ran.countDown();
            return false;
        });
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen[0].isDaemon()).isTrue();
        assertThat(seen[0].getContextClassLoader()).isNull();
        assertThat(seen[0].getName()).isEqualTo("larder-housekeeper");
    }
}
