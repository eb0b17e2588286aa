package dev.larder.store.disk;

import java.util.concurrent.locks.ReentrantLock;

/** The locks under which threads of this process write: each entry has one, and shares it with others. */
final class KeyLocks {

    /** A power of two. Not fewer: writers of different keys should rarely meet. Not more: a clear takes all. */
    private static final int LOCKS = 64;

    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    KeyLocks() {
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(String id) {
        int hash = id.hashCode();
        return locks[(hash ^ (hash >>> 16)) & (LOCKS - 1)];
    }

    /** Waits for the lock of an entry, and returns it to be unlocked. */
    ReentrantLock lock(String id) {
        ReentrantLock lock = of(id);
        lock.lock();
        return lock;
    }

    /** Always in the same order, so that two who want all do not wait for each other. */
    void lockAll() {
        for (ReentrantLock lock : locks) {
            lock.lock();
        }
    }

    void unlockAll() {
        for (ReentrantLock lock : locks) {
            lock.unlock();
        }
    }
}
