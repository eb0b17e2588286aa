package dev.larder.spring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Lets the time of a clock pass instead of waiting. What is to run later runs when the test says so. */
final class TestPause implements Pause {

    /** What {@link #sleep} was asked for, in milliseconds. */
    final List<Long> slept = new ArrayList<>();

    /** Runs after each sleep. */
    volatile Action afterSleep = () -> {};

    private final Queue<Runnable> due = new ArrayDeque<>();

    private final ManualClock clock;

    TestPause(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void sleep(long millis) throws InterruptedException {
        slept.add(millis);
        clock.advance(Duration.ofMillis(millis));
        afterSleep.run();
    }

    @Override
    public synchronized void later(long millis, Runnable task) {
        due.add(() -> {
            clock.advance(Duration.ofMillis(millis));
            task.run();
        });
    }

    /** Runs what is due next; false if there is nothing. */
    boolean runNext() {
        Runnable next;
        synchronized (this) {
            next = due.poll();
        }
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** May be interrupted. */
    interface Action {
        void run() throws InterruptedException;
    }
}
