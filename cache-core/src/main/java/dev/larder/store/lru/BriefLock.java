package dev.larder.store.lru;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for some hundred nanoseconds of work that never waits for anything, and calls no code that could lock it again.
 *
 * <p>Why not {@link java.util.concurrent.locks.ReentrantLock}: under contention it parks its waiters in a queue and hands itself to
 * the first of them. Waking a thread takes a hundred times as long as the work that it waited for, and all others wait for
 * that too. Here whoever comes at the right time gets the lock. There is no queue: one that waits may be overtaken, but
 * not for long, since a holder is gone almost at once. And releasing is a mere store, where a {@code ReentrantLock} waits a
 * second time until all memory has heard of it.
 *
 * <p>A waiter tries again for about as long as the work takes, then lets other threads run, and then sleeps for a while,
 * since a holder that takes so long has lost its processor. An interrupt neither ends the waiting nor gets lost. Nothing
 * here depends on the kind of thread, so virtual threads may use it.
 *
 * <p>Not reentrant. What was written under the lock is seen by whoever gets it next.
 */
final class BriefLock {

    private static final int FREE = 0;

    private static final int HELD = 1;

    /** Not fewer: the work takes as long as about ten. Not more: then the holder is not running, and needs a processor. */
    private static final int SPINS = 64;

    private static final int YIELDS = 16;

    /** Not less: timers are not more exact. Not more: a holder that lost its processor often has it back after so long. */
    private static final long SLEEP_NANOS = 50_000;

    /**
     * In the middle of cells that nobody uses, 128 bytes on both sides: waiters that look at the lock take its cache line, and
     * must not take what the holder works with, too.
     */
    private static final int CELL = 32;

    private final AtomicIntegerArray cells = new AtomicIntegerArray(2 * CELL);

    void lock() {
        if (!tryLock()) {
            await();
        }
    }

    void unlock() {
        cells.setRelease(CELL, FREE);
    }

    private boolean tryLock() {
        return cells.getOpaque(CELL) == FREE && cells.weakCompareAndSetAcquire(CELL, FREE, HELD);
    }

    @SuppressWarnings("ThreadPriorityCheck") // to yield saves time, no more
    private void await() {
        boolean interrupted = false;
        for (int tries = 1; !tryLock(); tries++) {
            if (tries <= SPINS) {
                Thread.onSpinWait();
            } else if (tries <= SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, SLEEP_NANOS);
                // An interrupted thread does not sleep, so it must forget the interrupt until it has the lock.
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
