package dev.larder.store;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Stands where a store should be and is not: every read misses, every write is dropped. Thread-safe. */
final class NoStore<K, V> implements Store<K, V> {

    private final LongAdder misses = new LongAdder();

    @Override
    public @Nullable V get(K key) {
        Objects.requireNonNull(key);
        misses.increment();
        return null;
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        Objects.requireNonNull(key);
        return null;
    }

    @Override
    public boolean contains(K key) {
        Objects.requireNonNull(key);
        return false;
    }

    @Override
    public void put(K key, Entry<V> entry) {
        Objects.requireNonNull(key);
        Objects.requireNonNull(entry.value());
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        put(key, entry);
        return null;
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        return contains(key);
    }

    @Override
    public boolean remove(K key) {
        return contains(key);
    }

    @Override
    public @Nullable V pop(K key) {
        return get(key);
    }

    @Override
    public boolean clear() {
        return false;
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(0, misses.sum(), 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
}
