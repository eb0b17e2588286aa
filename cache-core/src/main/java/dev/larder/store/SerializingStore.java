package dev.larder.store;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} of values on top of one of what they are encoded to: bytes, or files. Callers share no object with it:
 * each read gives a copy of its own.
 *
 * <p>What cannot be decoded is a miss and is reported as a failure to decode, and the entry is removed. A key or value that
 * cannot be encoded is a {@link CodecException} for the caller, which tells its type; what the key held before is removed,
 * since it is out of date.
 *
 * <p>Thread-safe. Closing it closes the store below.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 * @param <I> the type of keys in the store below
 * @param <B> the type of values in the store below
 */
public final class SerializingStore<K, V, I, B> implements Store<K, V> {

    private final Store<I, B> store;

    private final Function<? super K, I> keys;

    private final Function<? super V, B> encoder;

    private final Function<? super B, ? extends V> decoder;

    private final Failures failures;

    private final LongAdder undecodable = new LongAdder();

    private SerializingStore(
            Store<I, B> store,
            Function<? super K, I> keys,
            Function<? super V, B> encoder,
            Function<? super B, ? extends V> decoder,
            Failures failures) {
        this.store = store;
        this.keys = keys;
        this.encoder = encoder;
        this.decoder = decoder;
        this.failures = failures;
    }

    /** A store that keeps its values as bytes in one that takes the same keys. */
    public static <K, V> SerializingStore<K, V, K, byte[]> of(
            Store<K, byte[]> bytes, Codec<V> codec, Failures failures) {
        return new SerializingStore<>(bytes, key -> key, codec::encode, codec::decode, failures);
    }

    /** A store that keeps its values as bytes in one whose keys are text. */
    public static <K, V> SerializingStore<K, V, String, byte[]> of(
            Store<String, byte[]> bytes, KeyCodec<? super K> keys, Codec<V> codec, Failures failures) {
        return new SerializingStore<>(bytes, keys::encode, codec::encode, codec::decode, failures);
    }

    /**
     * A store that keeps its values as files in one whose keys are text.
     *
     * @param encoder the content of a value; throws {@link CodecException} for one that has none
     * @param decoder the value of a file
     */
    public static <K, V> SerializingStore<K, V, String, Payload> files(
            Store<String, Payload> files,
            KeyCodec<? super K> keys,
            Function<? super V, Payload> encoder,
            Function<? super Payload, ? extends V> decoder,
            Failures failures) {
        return new SerializingStore<>(files, keys::encode, encoder, decoder, failures);
    }

    @Override
    public @Nullable V get(K key) {
        I encoded = encodeKey(key);
        B body = store.get(encoded);
        return body == null ? null : decodeHit(encoded, body);
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        I encoded = encodeKey(key);
        Entry<B> entry = store.entry(encoded);
        if (entry == null) {
            return null;
        }
        V value = decode(encoded, entry.value());
        return value == null ? null : entry.withValue(value);
    }

    @Override
    public boolean contains(K key) {
        return store.contains(encodeKey(key));
    }

    @Override
    public void put(K key, Entry<V> entry) {
        I encoded = encodeKey(key);
        store.put(encoded, encode(encoded, entry));
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        I encoded = encodeKey(key);
        Entry<B> body = encode(encoded, entry);
        while (true) {
            B present = store.putIfAbsent(encoded, body);
            if (present == null) {
                return null;
            }
            V value = decode(encoded, present);
            if (value != null) {
                return value;
            }
        }
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        return store.touch(encodeKey(key), freshUntil, keptUntil);
    }

    @Override
    public boolean remove(K key) {
        return store.remove(encodeKey(key));
    }

    @Override
    public @Nullable V pop(K key) {
        I encoded = encodeKey(key);
        B body = store.pop(encoded);
        return body == null ? null : decodeHit(encoded, body);
    }

    @Override
    public boolean clear() {
        return store.clear();
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(K key) {
        return store.tryBeginLoad(encodeKey(key));
    }

    @Override
    public long size() {
        return store.size();
    }

    /** The statistics of the store below, with reads of what cannot be decoded as misses. */
    @Override
    public StoreStats stats() {
        long misread = undecodable.sum();
        StoreStats stats = store.stats();
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
        store.close();
    }

    private I encodeKey(K key) {
        return keys.apply(Objects.requireNonNull(key, "key"));
    }

    private Entry<B> encode(I key, Entry<V> entry) {
        V value = Objects.requireNonNull(entry.value(), "value");
        try {
            return entry.withValue(encoder.apply(value));
        } catch (RuntimeException | LinkageError | StackOverflowError ex) {
            store.remove(key);
            throw unencodable(value, ex);
        }
    }

    private static CodecException unencodable(Object value, Throwable cause) {
        return cause instanceof CodecException ex && ex.type() != null
                ? ex
                : new CodecException(
                        "Cannot encode a value of %s: choose a codec that can, or cache something else (%s)"
                                .formatted(value.getClass().getName(), cause),
                        value.getClass(),
                        cause);
    }

    private @Nullable V decodeHit(I key, B body) {
        V value = decode(key, body);
        if (value == null) {
            undecodable.increment();
        }
        return value;
    }

    /**
     * Some errors included: a class that the value needs may have changed since, or gone, and a value may be nested so deep
     * that the stack overflows.
     */
    private @Nullable V decode(I key, B body) {
        try {
            return Objects.requireNonNull(decoder.apply(body), "what was decoded");
        } catch (RuntimeException | LinkageError | StackOverflowError ex) {
            store.remove(key);
            failures.report("decode", ex);
            return null;
        }
    }
}
