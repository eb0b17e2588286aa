package dev.larder.spring;

import dev.larder.store.CodecException;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import org.jspecify.annotations.Nullable;

/**
 * A store whose faults do not reach the caller: a read that fails is a miss, a write that fails is dropped, together with
 * what the key held before, and a load that cannot be coordinated with other processes goes on without them. Arguments must be checked before, so that the caller's mistakes do.
 *
 * <p>Thread-safe.
 */
final class FailOpenStore implements Store<Object, Object> {

    private final Store<Object, Object> store;

    private final Failures failures;

    private final Unencodable unencodable;

    FailOpenStore(String cache, Store<Object, Object> store, Failures failures) {
        this.store = store;
        this.failures = failures;
        this.unencodable = new Unencodable(cache, failures);
    }

    @Override
    public @Nullable Object get(Object key) {
        try {
            return store.get(key);
        } catch (RuntimeException ex) {
            report("read", key, ex);
            return null;
        }
    }

    @Override
    public @Nullable Entry<Object> entry(Object key) {
        try {
            return store.entry(key);
        } catch (RuntimeException ex) {
            report("read", key, ex);
            return null;
        }
    }

    @Override
    public boolean contains(Object key) {
        try {
            return store.contains(key);
        } catch (RuntimeException ex) {
            report("read", key, ex);
            return false;
        }
    }

    @Override
    public void put(Object key, Entry<Object> entry) {
        try {
            store.put(key, entry);
        } catch (RuntimeException ex) {
            reportPut(key, entry.value(), ex);
        }
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Entry<Object> entry) {
        try {
            return store.putIfAbsent(key, entry);
        } catch (RuntimeException ex) {
            reportPut(key, entry.value(), ex);
            return null;
        }
    }

    /** Reads and removals need the key only. */
    private void report(String kind, Object key, RuntimeException failure) {
        if (failure instanceof CodecException ex) {
            unencodable.report("key", key, ex);
        } else {
            failures.report(kind, failure);
        }
    }

    /** A put that failed must not leave an older value, nor one that nobody can read, which would never be replaced. */
    private void reportPut(Object key, Object value, RuntimeException failure) {
        boolean keyFailed = false;
        try {
            store.remove(key);
        } catch (RuntimeException ex) {
            keyFailed = ex instanceof CodecException;
            if (ex != failure) {
                failure.addSuppressed(ex);
            }
        }
        if (failure instanceof CodecException ex) {
            unencodable.report(keyFailed ? "key" : "value", keyFailed ? key : value, ex);
        } else {
            failures.report("write", failure);
        }
    }

    @Override
    public boolean touch(Object key, long freshUntil, long keptUntil) {
        try {
            return store.touch(key, freshUntil, keptUntil);
        } catch (RuntimeException ex) {
            report("write", key, ex);
            return false;
        }
    }

    @Override
    public boolean remove(Object key) {
        try {
            return store.remove(key);
        } catch (RuntimeException ex) {
            report("delete", key, ex);
            return false;
        }
    }

    @Override
    public @Nullable Object pop(Object key) {
        try {
            return store.pop(key);
        } catch (RuntimeException ex) {
            report("read", key, ex);
            return null;
        }
    }

    @Override
    public boolean clear() {
        try {
            return store.clear();
        } catch (RuntimeException ex) {
            failures.report("delete", ex);
            return false;
        }
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(Object key) {
        try {
            return store.tryBeginLoad(key);
        } catch (RuntimeException ex) {
            report("lock", key, ex);
            return LoadLease.ALONE;
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
