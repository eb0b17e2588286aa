package dev.larder.store.log;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock at the end of a log, which is held for microseconds: who finds it taken looks again for a while before it goes to sleep,
 * because being woken takes longer than nearly all waits.
 */
final class AppendLock extends ReentrantLock {

    private static final long serialVersionUID = 1;

    /**
     * Some ten microseconds. Fewer, and it is not enough for who writes a record and changes the index. More are in vain, because who
     * holds it has lost its processor.
     */
    private static final int LOOKS = 256;

    @Override
    public void lock() {
        for (int i = 0; i < LOOKS; i++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        super.lock();
    }
}
