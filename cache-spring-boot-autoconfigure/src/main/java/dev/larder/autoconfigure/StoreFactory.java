package dev.larder.autoconfigure;

import dev.larder.caffeine.CaffeineStore;
import dev.larder.codec.FileCodec;
import dev.larder.spring.LarderCache;
import dev.larder.store.Codec;
import dev.larder.store.CompressingCodec;
import dev.larder.store.Encryption;
import dev.larder.store.Failures;
import dev.larder.store.KeyCodec;
import dev.larder.store.Payload;
import dev.larder.store.SerializingStore;
import dev.larder.store.ShardedStore;
import dev.larder.store.Store;
import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.Weigher;
import dev.larder.store.disk.DiskStore;
import dev.larder.store.log.LogStats;
import dev.larder.store.log.LogStore;
import dev.larder.store.lru.LruStore;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/**
 * Makes caches from their settings: the one place that says which stores a cache is made of, and in which order.
 *
 * <p>All settings are checked at construction, so that making a cache later cannot fail because of them. What can fail is
 * to open a directory. Thread-safe.
 */
final class StoreFactory {

    /**
     * What an entry weighs at least, in bytes, unless a weigher of the application says otherwise: about what the store
     * itself needs for an entry. With 0 for a null, any number of nulls would fit into any bound.
     */
    static final int MIN_WEIGHT = 64;

    private final Map<String, StoreSpec> named = new LinkedHashMap<>();

    private final StoreSpec defaults;

    private final Directories directories;

    private final ValueCodecs codecs;

    private final KeyCodec<Object> keys;

    private final @Nullable Encryption encryption;

    private final InstantSource clock;

    /**
     * Checks all settings.
     *
     * @throws InvalidLarderConfigurationException if something in them cannot work
     */
    StoreFactory(
            LarderProperties properties,
            SettingsCheck check,
            ValueCodecs codecs,
            @Nullable Encryption encryption,
            InstantSource clock) {
        this.defaults = check.check(LarderProperties.DEFAULTS, properties.defaults());
        properties
                .caches()
                .forEach((name, settings) -> named.put(name, check.check(LarderProperties.keyOf(name), settings)));
        this.directories = new Directories(properties.directory(), properties.namespace());
        this.codecs = codecs;
        this.keys = codecs.keys();
        this.encryption = encryption;
        this.clock = clock;
    }

    /**
     * A new cache with its own settings if it has some, otherwise with the defaults.
     *
     * @param onDemand whether it is created while the application runs: then it is empty until its directory can be used
     * @throws UnusableDirectoryException if it is created at the start, and its directory cannot be used, or another process has it
     */
    LarderCache create(String name, boolean onDemand) {
        StoreSpec spec = named.getOrDefault(name, defaults);
        Failures failures = new Failures(name, clock);
        if (spec.sharded() != null) {
            return sharded(name, spec, spec.sharded(), onDemand, failures);
        }
        Supplier<Store<Object, Object>> opener = () -> store(name, spec, failures);
        LarderCache.Builder cache = cache(name, spec, open(opener, onDemand, failures), failures);
        if (spec.type() == CacheType.DISK) {
            cache.reopen(() -> open(opener, onDemand, failures));
        }
        return cache.build();
    }

    private LarderCache sharded(String name, StoreSpec spec, ShardedSpec sharded, boolean onDemand, Failures failures) {
        Codec<Object> values = codec(name, Objects.requireNonNull(spec.codec()));
        AtomicReference<LogStore> current = new AtomicReference<>();
        Supplier<Store<Object, Object>> opener = () -> {
            LogStore log = log(name, spec, sharded, failures);
            current.set(log);
            return SerializingStore.of(log, keys, values, failures);
        };
        return cache(name, spec, open(opener, onDemand, failures), failures)
                .reopen(() -> open(opener, onDemand, failures))
                .logStats(() -> {
                    LogStore log = current.get();
                    return log == null ? LogStats.NONE : log.logStats();
                })
                .build();
    }

    private Store<Object, Object> open(Supplier<Store<Object, Object>> opener, boolean onDemand, Failures failures) {
        try {
            return opener.get();
        } catch (UnusableDirectoryException ex) {
            if (!onDemand) {
                throw ex;
            }
            failures.report("open", ex);
            // Of one shard, which is tried again.
            return ShardedStore.of(1, number -> opener.get(), number -> {}, failures, clock);
        }
    }

    private LarderCache.Builder cache(String name, StoreSpec spec, Store<Object, Object> store, Failures failures) {
        LarderCache.Builder cache =
                LarderCache.builder(name, store).ttl(spec.ttl()).clock(clock).failures(failures);
        if (spec.disk() != null && spec.disk().loadWait() != null) {
            cache.loadWait(spec.disk().loadWait());
        }
        if (spec.codec() != null && spec.codec().isFile()) {
            cache.files(codecs.fileValues(name));
        }
        return cache;
    }

    private Store<Object, Object> store(String name, StoreSpec spec, Failures failures) {
        CodecSpec codec = spec.codec();
        if (codec == null) {
            return heap(spec, nullSafe(spec.weigher()));
        }
        if (codec.isFile()) {
            return SerializingStore.files(
                    files(name, spec, failures), keys, FileCodec::encode, FileCodec::decode, failures);
        }
        Codec<Object> values = codec(name, codec);
        if (spec.type() == CacheType.DISK) {
            return SerializingStore.of(bytes(name, spec, failures), keys, values, failures);
        }
        Weigher<Object, byte[]> length = (key, bytes) -> Math.max(MIN_WEIGHT, bytes.length);
        return SerializingStore.of(heap(spec, length), values, failures);
    }

    private Codec<Object> codec(String name, CodecSpec spec) {
        Codec<Object> codec = codecs.codec(spec.key(), name, spec.name(), spec.valueType());
        return spec.compression() == null
                ? codec
                : new CompressingCodec<>(codec, spec.compression(), spec.threshold(), CompressingCodec.DEFAULT_LIMIT);
    }

    private <V> Store<Object, V> heap(StoreSpec spec, @Nullable Weigher<Object, V> weigher) {
        return spec.type() == CacheType.CAFFEINE ? caffeine(spec, weigher) : lru(spec, weigher);
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

    private Store<String, byte[]> bytes(String name, StoreSpec spec, Failures failures) {
        DiskStore.Builder<byte[]> builder = DiskStore.bytes(directories.of(name));
        if (Objects.requireNonNull(spec.disk()).encrypted()) {
            builder.encryption(encryption);
        }
        return disk(builder, spec, failures);
    }

    private Store<String, Payload> files(String name, StoreSpec spec, Failures failures) {
        return disk(DiskStore.files(directories.of(name)), spec, failures);
    }

    private <V> Store<String, V> disk(DiskStore.Builder<V> builder, StoreSpec spec, Failures failures) {
        DiskSpec disk = Objects.requireNonNull(spec.disk());
        builder.layout(disk.layout())
                .durability(disk.durability())
                .codec(Objects.requireNonNull(spec.codec()).label())
                .clock(clock)
                .failures(failures);
        if (spec.maxEntries() != null) {
            builder.maxEntries(spec.maxEntries());
        }
        if (spec.maxBytes() != null) {
            builder.maxSize(spec.maxBytes());
        }
        if (disk.payloadGrace() != null) {
            builder.payloadGrace(disk.payloadGrace());
        }
        return builder.build();
    }

    private LogStore log(String name, StoreSpec spec, ShardedSpec sharded, Failures failures) {
        LogStore.Builder builder = LogStore.at(directories.of(name))
                .maxSize(Objects.requireNonNull(spec.maxBytes()))
                .shards(sharded.shards())
                .durability(sharded.durability())
                .onLocked(sharded.onLocked())
                .minFree(sharded.minFree())
                .openAtOnce(sharded.openAtStart())
                .allowNetwork(sharded.allowNetwork())
                .codec(Objects.requireNonNull(spec.codec()).label())
                .encryption(sharded.encrypted() ? encryption : null)
                .clock(clock)
                .failures(failures);
        if (sharded.segmentSize() != null) {
            builder.segmentSize(sharded.segmentSize());
        }
        if (sharded.lockWait() != null) {
            builder.lockWait(sharded.lockWait());
        }
        if (sharded.maxOpen() != null) {
            builder.maxOpen(sharded.maxOpen());
        }
        return builder.open();
    }

    /** The application's weigher knows its own values only, not what stands for null. */
    private static @Nullable Weigher<Object, Object> nullSafe(@Nullable Weigher<Object, Object> weigher) {
        return weigher == null
                ? null
                : (key, value) -> value instanceof NullValue ? MIN_WEIGHT : weigher.weigh(key, value);
    }
}
