package dev.larder.autoconfigure;

import dev.larder.store.Weigher;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;

/** Checks the settings of one cache, and looks up the beans that they name. */
final class SettingsCheck {

    /**
     * The bound of a cache in heap whose settings have none, in entries. Not less: a lookup table of all countries, units
     * or branches should fit. Not more: 10,000 values of a kilobyte or two are not noticed in a small heap.
     */
    static final long DEFAULT_MAX_ENTRIES = 10_000;

    /**
     * The bound of a cache on disk whose settings have none, in bytes. Not entries: they may be of any size. Not less: it
     * should hold more than what the heap would. Not more: a small disk, or the temporary one of a container, has room for
     * a few such caches.
     */
    static final long DEFAULT_MAX_BYTES = 1L << 30;

    private static final String CAFFEINE_CLASS = "com.github.benmanes.caffeine.cache.Caffeine";

    private final ListableBeanFactory beans;

    private final @Nullable ClassLoader classLoader;

    private final CacheType defaultType;

    private final CodecCheck codecs;

    private final DiskCheck disk;

    private final ShardedCheck sharded;

    /**
     * A check.
     *
     * @param encryption whether there are keys to encrypt with
     */
    SettingsCheck(
            ListableBeanFactory beans,
            @Nullable ClassLoader classLoader,
            @Nullable CacheType defaultType,
            ValueCodecs codecs,
            boolean encryption) {
        this.beans = beans;
        this.classLoader = classLoader;
        this.defaultType = defaultType == null ? CacheType.LRU : defaultType;
        this.codecs = new CodecCheck(codecs);
        this.disk = new DiskCheck(encryption);
        this.sharded = new ShardedCheck(disk);
    }

    /**
     * The settings, complete and consistent.
     *
     * @param key what the settings are under, such as {@code larder.caches.quotes}
     * @throws InvalidLarderConfigurationException if something in them cannot work
     */
    StoreSpec check(String key, LarderProperties.Cache settings) {
        checkPositive(key, settings);
        CacheType type = settings.type() == null ? defaultType : settings.type();
        TypeCheck.check(key, type, settings);
        return switch (type) {
            case DISK -> onDisk(key, settings);
            case SHARDED -> sharded(key, settings);
            case LRU, CAFFEINE -> inHeap(type, key, settings);
        };
    }

    private StoreSpec sharded(String key, LarderProperties.Cache settings) {
        disk.checkWeigher(key, settings);
        CodecSpec codec = codecs.checkSharded(key, settings);
        long bytes = settings.maxSize() == null
                ? DEFAULT_MAX_BYTES
                : settings.maxSize().toBytes();
        return new StoreSpec(
                CacheType.SHARDED, settings.ttl(), null, bytes, null, codec, null, sharded.check(key, settings, bytes));
    }

    private StoreSpec onDisk(String key, LarderProperties.Cache settings) {
        disk.checkWeigher(key, settings);
        CodecSpec codec = codecs.check(key, settings, ValueCodecs.DEFAULT);
        boolean unbounded = settings.maxEntries() == null && settings.maxSize() == null;
        return new StoreSpec(
                CacheType.DISK,
                settings.ttl(),
                settings.maxEntries(),
                unbounded ? Long.valueOf(DEFAULT_MAX_BYTES) : bytes(settings),
                null,
                codec,
                disk.check(key, settings, codec.isFile()),
                null);
    }

    @SuppressWarnings("unchecked")
    private StoreSpec inHeap(CacheType type, String key, LarderProperties.Cache settings) {
        checkSize(key, settings);
        if (type == CacheType.CAFFEINE) {
            checkCaffeine(key, settings);
        }
        boolean unbounded = settings.maxEntries() == null && settings.maxSize() == null;
        return new StoreSpec(
                type,
                settings.ttl(),
                unbounded ? Long.valueOf(DEFAULT_MAX_ENTRIES) : settings.maxEntries(),
                bytes(settings),
                (@Nullable Weigher<Object, Object>) bean(key + ".weigher", settings.weigher(), Weigher.class),
                codecs.checkInHeap(key, type, settings),
                null,
                null);
    }

    private static @Nullable Long bytes(LarderProperties.Cache settings) {
        return settings.maxSize() == null ? null : settings.maxSize().toBytes();
    }

    private static void checkPositive(String key, LarderProperties.Cache settings) {
        if (settings.ttl() != null && (settings.ttl().isZero() || settings.ttl().isNegative())) {
            throw new InvalidLarderConfigurationException(
                    key + ".ttl",
                    DurationStyle.SIMPLE.print(settings.ttl()),
                    "a life time must be longer than zero",
                    "Give a positive duration, such as 10m, or leave ttl out for entries that do not expire.");
        }
        if (settings.maxEntries() != null && settings.maxEntries() <= 0) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-entries",
                    settings.maxEntries(),
                    "a bound must be 1 or more",
                    "Give a positive number, or leave max-entries out.");
        }
        if (settings.maxSize() != null && settings.maxSize().toBytes() <= 0) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-size",
                    settings.maxSize(),
                    "a bound must be 1 byte or more",
                    "Give a positive size, such as 64MB, or leave max-size out.");
        }
    }

    private static void checkSize(String key, LarderProperties.Cache settings) {
        if (settings.maxSize() != null && settings.weigher() == null && settings.codec() == null) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-size",
                    settings.maxSize(),
                    "nothing tells the size of an object in heap",
                    "Name a Weigher bean in %s.weigher or a codec in %s.codec, or bound the cache with %s.max-entries."
                            .formatted(key, key, key));
        }
        if (settings.weigher() != null && settings.maxSize() == null) {
            throw new InvalidLarderConfigurationException(
                    key + ".weigher",
                    settings.weigher(),
                    "there is no size that it could weigh for",
                    "Add %s.max-size, such as 64MB, or remove the weigher.".formatted(key));
        }
        if (settings.weigher() != null && settings.codec() != null) {
            throw new InvalidLarderConfigurationException(
                    key + ".weigher",
                    settings.weigher(),
                    "with a codec the size of an entry is that of the encoded value",
                    "Remove either %s.weigher or %s.codec.".formatted(key, key));
        }
    }

    private void checkCaffeine(String key, LarderProperties.Cache settings) {
        if (settings.maxEntries() != null && settings.maxSize() != null) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-entries",
                    settings.maxEntries(),
                    "max-size is set too, and a cache of type caffeine has one bound",
                    "Remove either %s.max-entries or %s.max-size, or use type lru, which has both."
                            .formatted(key, key));
        }
        if (!ClassUtils.isPresent(CAFFEINE_CLASS, classLoader)) {
            String typeKey = settings.type() == null ? LarderProperties.DEFAULTS : key;
            throw new InvalidLarderConfigurationException(
                    typeKey + ".type",
                    CacheType.CAFFEINE,
                    "Caffeine is not on the class path",
                    "Add the dependency com.github.ben-manes.caffeine:caffeine, or use type lru.");
        }
    }

    private @Nullable Object bean(String key, @Nullable String name, Class<?> type) {
        if (name == null) {
            return null;
        }
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, type)) {
            List<String> present = Arrays.asList(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type));
            throw new InvalidLarderConfigurationException(
                    key,
                    name,
                    "there is no bean of this name and of type " + type.getName(),
                    present.isEmpty()
                            ? "Define one; there is no bean of this type at all."
                            : "Define it, or name one of those that are there: %s."
                                    .formatted(String.join(", ", present)));
        }
        return beans.getBean(name, type);
    }
}
