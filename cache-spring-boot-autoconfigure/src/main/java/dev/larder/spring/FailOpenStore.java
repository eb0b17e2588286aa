package dev.larder.spring;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import org.jspecify.annotations.Nullable;

/**
 * A store whose faults do not reach the caller: a read that fails is a miss, a write that fails is dropped, together with
 * what the key held before. Arguments must be checked before, so that the caller's mistakes do.
 *
 * <p>Thread-safe.
 */
final class FailOpenStore implements Store<Object, Object> {

    private final Store<Object, Object> store;

    private final Failures failures;

    FailOpenStore(Store<Object, Object> store, Failures failures) {
        this.store = store;
        this.failures = failures;
    }

    @Override
    public @Nullable Object get(Object key) {
        try {
            return store.get(key);
        } catch (RuntimeException ex) {
            failures.report("get", ex);
            return null;
        }
    }

    @Override
    public @Nullable Entry<Object> entry(Object key) {
        try {
            return store.entry(key);
        } catch (RuntimeException ex) {
            failures.report("look up", ex);
            return null;
        }
    }

    @Override
    public boolean contains(Object key) {
        try {
            return store.contains(key);
        } catch (RuntimeException ex) {
            failures.report("look up", ex);
            return false;
        }
    }

    @Override
    public void put(Object key, Entry<Object> entry) {
        try {
            store.put(key, entry);
        } catch (RuntimeException ex) {
            removeOutdated(key, ex);
            failures.report("put", ex);
        }
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Entry<Object> entry) {
        try {
            return store.putIfAbsent(key, entry);
        } catch (RuntimeException ex) {
            removeOutdated(key, ex);
            failures.report("put", ex);
            return null;
        }
    }

    /** A put that failed must not leave an older value, nor one that nobody can read, which would never be replaced. */
    private void removeOutdated(Object key, RuntimeException failure) {
        try {
            store.remove(key);
        } catch (RuntimeException ex) {
            if (ex != failure) {
                failure.addSuppressed(ex);
            }
        }
    }

    @Override
    public boolean touch(Object key, long freshUntil, long keptUntil) {
        try {
            return store.touch(key, freshUntil, keptUntil);
        } catch (RuntimeException ex) {
            failures.report("touch", ex);
            return false;
        }
    }

    @Override
    public boolean remove(Object key) {
        try {
            return store.remove(key);
        } catch (RuntimeException ex) {
            failures.report("remove", ex);
            return false;
        }
    }

    @Override
    public @Nullable Object pop(Object key) {
        try {
            return store.pop(key);
        } catch (RuntimeException ex) {
            failures.report("pop", ex);
            return null;
        }
    }

    @Override
    public boolean clear() {
        try {
            return store.clear();
        } catch (RuntimeException ex) {
            failures.report("clear", ex);
            return false;
        }
    }

    @Override
    public long size() {
        return store.size();
    }

    @Override
    public StoreStats stats() {
        return store.stats();
    }

    @Override
    public void close() {
        store.close();
    }
}
