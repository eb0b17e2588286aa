package dev.larder.store.lru;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.Threads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BriefLockTests {

    private final BriefLock lock = new BriefLock();

    /** Plain fields: they are right only if one thread at a time is in the lock, and sees what the one before it wrote. */
    private long first;

    private long second;

    @Test
    void oneThreadAtATimeHoldsTheLockAndSeesWhatOthersWrote() {
        Threads.run(16, thread -> {
            for (int i = 0; i < 20_000; i++) {
                countUnderLock();
            }
        });
        assertThat(first).isEqualTo(16 * 20_000);
        assertThat(second).isEqualTo(-first);
    }

    @Test
    void virtualThreadsTakeTurns() throws Exception {
        ExecutorService executor = virtualThreads();
        for (int i = 0; i < 2000; i++) {
            executor.execute(() -> {
                for (int round = 0; round < 50; round++) {
                    countUnderLock();
                }
            });
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first).isEqualTo(2000 * 50);
        assertThat(second).isEqualTo(-first);
    }

    private void countUnderLock() {
        lock.lock();
        try {
            assertThat(second).isEqualTo(-first);
            first++;
            second--;
        } finally {
            lock.unlock();
        }
    }

    /** A thread for each task, and virtual ones if there are such. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return Runtime.version().feature() < 21
                ? Executors.newFixedThreadPool(100)
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
    }

    @Test
    void waitersSleepWhileAHolderIsSlow() throws InterruptedException {
        AtomicBoolean held = new AtomicBoolean();
        Thread waiter = new Thread(() -> takeTurn(held));
        waiter.setDaemon(true);
        lock.lock();
        waiter.start();
        awaitSleep(waiter);
        assertThat(held).isFalse();
        lock.unlock();
        waiter.join();
        assertThat(held).isTrue();
    }

    @Test
    void interruptedWaiterSleepsGetsTheLockAndStaysInterrupted() throws InterruptedException {
        AtomicBoolean held = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = new Thread(() -> {
            Thread.currentThread().interrupt();
            takeTurn(held);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        waiter.setDaemon(true);
        lock.lock();
        waiter.start();
        awaitSleep(waiter);
        waiter.interrupt();
        awaitSleep(waiter);
        assertThat(held).isFalse();
        lock.unlock();
        waiter.join();
        assertThat(held).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    void interruptedThreadThatNeedNotWaitStaysInterrupted() {
        Thread.currentThread().interrupt();
        lock.lock();
        lock.unlock();
        assertThat(Thread.interrupted()).isTrue();
    }

    private void takeTurn(AtomicBoolean held) {
        lock.lock();
        try {
            held.set(true);
        } finally {
            lock.unlock();
        }
    }

    /** Seen asleep many times, since a thread may yield first; and not interrupted, since such a thread would not sleep. */
    private static void awaitSleep(Thread thread) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (int seen = 0; seen < 100; ) {
            if (thread.getState() == Thread.State.TIMED_WAITING && !thread.isInterrupted()) {
                seen++;
            }
            assertThat(System.nanoTime()).as("asleep %d times", seen).isLessThan(end);
            Thread.yield();
        }
    }
}
