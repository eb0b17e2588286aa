package dev.larder.spring;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a hook before and another after each operation of a store; a hook that throws makes the operation fail. */
final class HookedStore implements Store<Object, Object> {

    private final Store<Object, Object> store;

    volatile Consumer<String> before = operation -> {};

    volatile Consumer<String> after = operation -> {};

    volatile Function<Object, @Nullable LoadLease> leases = key -> LoadLease.ALONE;

    volatile Runnable onClose = () -> {};

    volatile int closed;

    HookedStore(Store<Object, Object> store) {
        this.store = store;
    }

    @Override
    public @Nullable Object get(Object key) {
        before.accept("get");
        Object value = store.get(key);
        after.accept("get");
        return value;
    }

    @Override
    public @Nullable Entry<Object> entry(Object key) {
        before.accept("entry");
        return store.entry(key);
    }

    @Override
    public boolean contains(Object key) {
        before.accept("contains");
        return store.contains(key);
    }

    @Override
    public void put(Object key, Entry<Object> entry) {
        before.accept("put");
        store.put(key, entry);
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Entry<Object> entry) {
        before.accept("putIfAbsent");
        return store.putIfAbsent(key, entry);
    }

    @Override
    public boolean touch(Object key, long freshUntil, long keptUntil) {
        before.accept("touch");
        return store.touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(Object key) {
        before.accept("remove");
        return store.remove(key);
    }

    @Override
    public @Nullable Object pop(Object key) {
        before.accept("pop");
        return store.pop(key);
    }

    @Override
    public boolean clear() {
        before.accept("clear");
        return store.clear();
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(Object key) {
        before.accept("tryBeginLoad");
        return leases.apply(key);
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
        closed++;
        store.close();
        onClose.run();
    }
}
