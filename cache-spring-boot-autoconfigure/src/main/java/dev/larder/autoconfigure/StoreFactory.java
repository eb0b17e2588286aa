package dev.larder.autoconfigure;

import dev.larder.caffeine.CaffeineStore;
import dev.larder.spring.LarderCache;
import dev.larder.store.Codec;
import dev.larder.store.Failures;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.Weigher;
import dev.larder.store.lru.LruStore;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/**
 * Makes caches from their settings: the one place that says which stores a cache is made of, and in which order.
 *
 * <p>All settings are checked at construction, so that making a cache later cannot fail because of them. Thread-safe.
 */
final class StoreFactory {

    /**
     * What an entry weighs at least, in bytes, unless a weigher of the application says otherwise: about what the store
     * itself needs for an entry. With 0 for a null, any number of nulls would fit into any bound.
     */
    static final int MIN_WEIGHT = 64;

    private final Map<String, StoreSpec> named = new LinkedHashMap<>();

    private final StoreSpec defaults;

    private final InstantSource clock;

    /**
     * Checks all settings.
     *
     * @throws InvalidLarderConfigurationException if something in them cannot work
     */
    StoreFactory(LarderProperties properties, SettingsCheck check, InstantSource clock) {
        this.defaults = check.check(LarderProperties.DEFAULTS, properties.defaults());
        properties
                .caches()
                .forEach((name, settings) -> named.put(name, check.check(LarderProperties.keyOf(name), settings)));
        this.clock = clock;
    }

    /** A new cache with its own settings if it has some, otherwise with the defaults. */
    LarderCache create(String name) {
        StoreSpec spec = named.getOrDefault(name, defaults);
        return LarderCache.builder(name, store(name, spec))
                .ttl(spec.ttl())
                .clock(clock)
                .build();
    }

    private Store<Object, Object> store(String name, StoreSpec spec) {
        Codec<Object> codec = spec.codec();
        if (codec == null) {
            return heap(spec, nullSafe(spec.weigher()));
        }
        Weigher<Object, byte[]> length = (key, bytes) -> Math.max(MIN_WEIGHT, bytes.length);
        return SerializingStore.of(heap(spec, length), new NullSafeCodec(codec), new Failures(name, clock));
    }

    private <V> Store<Object, V> heap(StoreSpec spec, @Nullable Weigher<Object, V> weigher) {
        return switch (spec.type()) {
            case LRU -> lru(spec, weigher);
            case CAFFEINE -> caffeine(spec, weigher);
        };
    }

    private <V> Store<Object, V> lru(StoreSpec spec, @Nullable Weigher<Object, V> weigher) {
        LruStore.Builder<Object, V> builder = LruStore.<Object, V>builder().clock(clock);
        if (spec.maxEntries() != null) {
            builder.maxEntries(spec.maxEntries());
        }
        if (spec.maxBytes() != null && weigher != null) {
            builder.maxWeight(spec.maxBytes(), weigher);
        }
        return builder.build();
    }

    /** Apart from here nothing touches Caffeine's classes, and this runs only when they are there. */
    private <V> Store<Object, V> caffeine(StoreSpec spec, @Nullable Weigher<Object, V> weigher) {
        CaffeineStore.Builder<Object, V> builder =
                CaffeineStore.<Object, V>builder().clock(clock);
        if (spec.maxEntries() != null) {
            builder.maxEntries(spec.maxEntries());
        }
        if (spec.maxBytes() != null && weigher != null) {
            builder.maxWeight(spec.maxBytes(), weigher);
        }
        return builder.build();
    }

    /** The application's weigher knows its own values only, not what stands for null. */
    private static @Nullable Weigher<Object, Object> nullSafe(@Nullable Weigher<Object, Object> weigher) {
        return weigher == null
                ? null
                : (key, value) -> value instanceof NullValue ? MIN_WEIGHT : weigher.weigh(key, value);
    }

    /** Lets the application's codec see its own values only. Works in heap, where bytes are kept by reference. */
    private static final class NullSafeCodec implements Codec<Object> {

        private final byte[] encodedNull = new byte[0];

        private final Codec<Object> codec;

        NullSafeCodec(Codec<Object> codec) {
            this.codec = codec;
        }

        @Override
        public byte[] encode(Object value) {
            return value instanceof NullValue ? encodedNull : codec.encode(value);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // Another empty array is a value of the application.
        public Object decode(byte[] bytes) {
            return bytes == encodedNull ? NullValue.INSTANCE : codec.decode(bytes);
        }
    }
}
