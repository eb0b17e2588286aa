package dev.larder.spring;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that can be stopped, so that it has no file open, and started again. While it is stopped every read misses and
 * every write is dropped, but not forgotten: what the keys held before goes when it starts, or is closed.
 *
 * <p>Counts are the sums over all starts. Thread-safe.
 */
final class ReopenableStore implements Store<Object, Object> {

    /** Not more: they stay in heap. Not fewer: a request or two must not cost a whole cache. Beyond, all entries go. */
    static final int MAX_CHANGED = 1000;

    private final Supplier<? extends Store<Object, Object>> opener;

    /** Held to stop and start, and to note changes meanwhile; not for reads and writes of an open store. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Opened opened;

    /** Guarded by {@link #lock}. */
    private final Set<Object> changed = new HashSet<>();

    /** Whether all entries are out of date. Guarded by {@link #lock}. */
    private boolean isAllChanged;

    private boolean isClosed;

    /**
     * A store that is open.
     *
     * @param opener opens the same store again
     */
    ReopenableStore(Store<Object, Object> first, Supplier<? extends Store<Object, Object>> opener) {
        this.opener = opener;
        this.opened = new Opened(first, StoreStats.NONE, false);
    }

    /** What is in use; when stopped, the store that was. */
    private static final class Opened {

        private final Store<Object, Object> store;

        /** The counts of all stores before this one. */
        private final StoreStats before;

        private final boolean isStopped;

        Opened(Store<Object, Object> store, StoreStats before, boolean isStopped) {
            this.store = store;
            this.before = before;
            this.isStopped = isStopped;
        }

        StoreStats stats() {
            return before.plus(store.stats());
        }
    }

    Store<Object, Object> current() {
        return opened.store;
    }

    void stop() {
        lock.lock();
        try {
            Opened last = opened;
            if (!last.isStopped && !isClosed) {
                opened = new Opened(last.store, last.before, true);
                last.store.close();
            }
        } finally {
            lock.unlock();
        }
    }

    void start() {
        lock.lock();
        try {
            Opened last = opened;
            if (last.isStopped && !isClosed) {
                Store<Object, Object> store = opener.get();
                StoreStats before = countsSince(store.stats(), last.stats());
                try {
                    forgetChanged(store);
                } catch (RuntimeException | Error ex) {
                    store.close();
                    throw ex;
                }
                opened = new Opened(store, before, false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forgetChanged(Store<Object, Object> store) {
        if (isAllChanged) {
            store.clear();
        }
        changed.forEach(store::remove);
        changed.clear();
        isAllChanged = false;
    }

    /** What a store does not count that others in this process had open meanwhile: it goes on with theirs. */
    private static StoreStats countsSince(StoreStats first, StoreStats last) {
        return new StoreStats(
                last.hits() - first.hits(),
                last.misses() - first.misses(),
                last.puts() - first.puts(),
                last.replaced() - first.replaced(),
                last.removed() - first.removed(),
                last.expired() - first.expired(),
                last.evicted() - first.evicted(),
                0,
                0);
    }

    /**
     * Changes an entry, or all. A store that is stopped meanwhile may have dropped it, and one that is started meanwhile does
     * not know of it.
     *
     * @param isDone whether a result says that the change was not dropped: made once more it would say that there was no entry
     */
    private <T extends @Nullable Object> T change(
            @Nullable Object key, Function<Store<Object, Object>, T> action, Predicate<T> isDone) {
        while (true) {
            Opened used = opened;
            T result = action.apply(used.store);
            if ((!used.isStopped && used == opened) || isDone.test(result) || isNoted(key)) {
                return result;
            }
        }
    }

    /** Notes a change, unless the store has been started. */
    private boolean isNoted(@Nullable Object key) {
        lock.lock();
        try {
            if (!opened.isStopped) {
                return isClosed;
            }
            if (key == null || changed.size() == MAX_CHANGED) {
                isAllChanged = true;
            } else {
                changed.add(key);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Object get(Object key) {
        return opened.store.get(key);
    }

    @Override
    public @Nullable Entry<Object> entry(Object key) {
        return opened.store.entry(key);
    }

    @Override
    public boolean contains(Object key) {
        return opened.store.contains(key);
    }

    @Override
    public void put(Object key, Entry<Object> entry) {
        this.<Boolean>change(
                key,
                store -> {
                    store.put(key, entry);
                    return false;
                },
                isDone -> isDone);
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Entry<Object> entry) {
        return this.<@Nullable Object>change(key, store -> store.putIfAbsent(key, entry), Objects::nonNull);
    }

    @Override
    public boolean touch(Object key, long freshUntil, long keptUntil) {
        return this.<Boolean>change(key, store -> store.touch(key, freshUntil, keptUntil), isDone -> isDone);
    }

    @Override
    public boolean remove(Object key) {
        return this.<Boolean>change(key, store -> store.remove(key), isDone -> isDone);
    }

    @Override
    public @Nullable Object pop(Object key) {
        return this.<@Nullable Object>change(key, store -> store.pop(key), Objects::nonNull);
    }

    @Override
    public boolean clear() {
        return this.<Boolean>change(null, Store::clear, isDone -> isDone);
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(Object key) {
        return opened.store.tryBeginLoad(key);
    }

    @Override
    public long size() {
        return opened.store.size();
    }

    @Override
    public StoreStats stats() {
        return opened.stats();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            if (isAllChanged || !changed.isEmpty()) {
                try (Store<Object, Object> store = opener.get()) {
                    forgetChanged(store);
                }
            }
            opened.store.close();
        } finally {
            lock.unlock();
        }
    }
}
