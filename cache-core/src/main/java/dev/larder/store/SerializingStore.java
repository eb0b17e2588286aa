package dev.larder.store;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} of values on top of one of bytes. Callers share no object with it: each read gives a copy of its own.
 *
 * <p>Bytes that cannot be decoded are a miss, and the entry is removed. A value that cannot be encoded is a {@link
 * CodecException} for the caller, and what the key held before is removed, since it is out of date.
 *
 * <p>Thread-safe. Closing it closes the store below.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class SerializingStore<K, V> implements Store<K, V> {

    private final Store<K, byte[]> bytes;

    private final Codec<V> codec;

    private final LongAdder undecodable = new LongAdder();

    /** A store that keeps its values, encoded, in another. */
    public SerializingStore(Store<K, byte[]> bytes, Codec<V> codec) {
        this.bytes = bytes;
        this.codec = codec;
    }

    @Override
    public @Nullable V get(K key) {
        byte[] encoded = bytes.get(key);
        return encoded == null ? null : decodeHit(key, encoded);
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        Entry<byte[]> entry = bytes.entry(key);
        if (entry == null) {
            return null;
        }
        V value = decode(key, entry.value());
        return value == null ? null : entry.withValue(value);
    }

    @Override
    public boolean contains(K key) {
        return bytes.contains(key);
    }

    @Override
    public void put(K key, Entry<V> entry) {
        bytes.put(key, encode(key, entry));
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        Entry<byte[]> encoded = encode(key, entry);
        while (true) {
            byte[] present = bytes.putIfAbsent(key, encoded);
            if (present == null) {
                return null;
            }
            V value = decode(key, present);
            if (value != null) {
                return value;
            }
        }
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        return bytes.touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(K key) {
        return bytes.remove(key);
    }

    @Override
    public @Nullable V pop(K key) {
        byte[] encoded = bytes.pop(key);
        return encoded == null ? null : decodeHit(key, encoded);
    }

    @Override
    public boolean clear() {
        return bytes.clear();
    }

    @Override
    public long size() {
        return bytes.size();
    }

    /** The statistics of the store below, with reads of undecodable bytes as misses. */
    @Override
    public StoreStats stats() {
        long misread = undecodable.sum();
        StoreStats stats = bytes.stats();
        return new StoreStats(
                stats.hits() - misread,
                stats.misses() + misread,
                stats.puts(),
                stats.replaced(),
                stats.removed(),
                stats.expired(),
                stats.evicted(),
                stats.size(),
                stats.weight());
    }

    @Override
    public void close() {
        bytes.close();
    }

    private Entry<byte[]> encode(K key, Entry<V> entry) {
        Objects.requireNonNull(entry.value(), "value");
        try {
            return entry.withValue(codec.encode(entry.value()));
        } catch (CodecException ex) {
            bytes.remove(key);
            throw ex;
        }
    }

    private @Nullable V decodeHit(K key, byte[] encoded) {
        V value = decode(key, encoded);
        if (value == null) {
            undecodable.increment();
        }
        return value;
    }

    private @Nullable V decode(K key, byte[] encoded) {
        try {
            return codec.decode(encoded);
        } catch (CodecException ex) {
            bytes.remove(key);
            return null;
        }
    }
}
