package dev.larder.store;

import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the stores of a {@link ShardedStore}, opened at its first use.
 *
 * <p>While it cannot be opened it is tried again once a second, and what somebody wants to change in it is remembered as
 * one fact: all of it is out of date. It is discarded, lest the process ends before it opens, and once it opens, it is cleared before
 * anybody reads it.
 *
 * <p>Thread-safe.
 */
final class Shard<K, V> {

    /** Not shorter: a broken disk would keep every caller waiting. Not longer: the cache should be back soon. */
    private static final long RETRY_MILLIS = 1000;

    private final Supplier<? extends Store<K, V>> opener;

    private final Runnable discarder;

    private final Failures failures;

    private final InstantSource clock;

    private final Store<K, V> missing = new NoStore<>();

    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Store<K, V> store;

    private boolean isOutOfDate;

    private boolean isClosed;

    private @Nullable Long failedAt;

    Shard(Supplier<? extends Store<K, V>> opener, Runnable discarder, Failures failures, InstantSource clock) {
        this.opener = opener;
        this.discarder = discarder;
        this.failures = failures;
        this.clock = clock;
    }

    /** The store, or one that is empty if it cannot be opened now. */
    Store<K, V> toRead() {
        Store<K, V> open = store;
        return open != null ? open : openOrMiss(false);
    }

    /** The store, or one that keeps nothing if it cannot be opened now. */
    Store<K, V> toWrite() {
        Store<K, V> open = store;
        return open != null ? open : openOrMiss(true);
    }

    /** The store if it is open, or one that is empty. */
    Store<K, V> toCount() {
        Store<K, V> open = store;
        return open != null ? open : missing;
    }

    /** Opens the store if it is not open, and throws what its opening throws. */
    void open() {
        lock.lock();
        try {
            if (store == null && !isClosed) {
                open(opener.get());
            }
        } finally {
            lock.unlock();
        }
    }

    private Store<K, V> openOrMiss(boolean isChange) {
        lock.lock();
        try {
            if (store == null && !isClosed && isDue()) {
                tryOpen();
            }
            Store<K, V> open = store;
            if (open != null) {
                return open;
            }
            // Under the lock: nobody opens it between this and the return of the change that is lost.
            if (isChange && !isOutOfDate) {
                isOutOfDate = true;
                discard();
            }
            return missing;
        } finally {
            lock.unlock();
        }
    }

    private void discard() {
        try {
            discarder.run();
        } catch (RuntimeException ex) {
            failures.report("delete", ex);
        }
    }

    private boolean isDue() {
        Long last = failedAt;
        return last == null || Math.abs(clock.millis() - last) >= RETRY_MILLIS;
    }

    private void tryOpen() {
        try {
            open(opener.get());
        } catch (RuntimeException ex) {
            failedAt = clock.millis();
            failures.report("open", ex);
        }
    }

    private void open(Store<K, V> opened) {
        if (isOutOfDate) {
            try {
                opened.clear();
            } catch (RuntimeException ex) {
                opened.close();
                throw ex;
            }
            isOutOfDate = false;
        }
        store = opened;
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            Store<K, V> open = store;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What happened in the store, and while it was not there. */
    StoreStats stats() {
        return toCount() == missing ? missing.stats() : toCount().stats().plus(missing.stats());
    }
}
