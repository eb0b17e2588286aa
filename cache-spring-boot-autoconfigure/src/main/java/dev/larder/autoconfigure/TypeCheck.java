package dev.larder.autoconfigure;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Checks that the settings of one cache that are not for all types are for its type. */
final class TypeCheck {

    private static final Set<CacheType> IN_HEAP = EnumSet.of(CacheType.LRU, CacheType.CAFFEINE);

    private static final List<Key> KEYS = List.of(
            new Key("layout", LarderProperties.Cache::layout, CacheType.DISK),
            new Key("payload-grace", LarderProperties.Cache::payloadGrace, CacheType.DISK),
            new Key("load-wait", LarderProperties.Cache::loadWait, CacheType.DISK),
            new Key("durability", LarderProperties.Cache::durability, CacheType.DISK, CacheType.SHARDED),
            new Key("encrypted", LarderProperties.Cache::encrypted, CacheType.DISK, CacheType.SHARDED),
            new Key("shards", LarderProperties.Cache::shards, CacheType.SHARDED),
            new Key("segment-size", LarderProperties.Cache::segmentSize, CacheType.SHARDED),
            new Key("on-locked", LarderProperties.Cache::onLocked, CacheType.SHARDED),
            new Key("lock-wait", LarderProperties.Cache::lockWait, CacheType.SHARDED),
            new Key("min-free", LarderProperties.Cache::minFree, CacheType.SHARDED),
            new Key("max-open", LarderProperties.Cache::maxOpen, CacheType.SHARDED),
            new Key("open-at-start", LarderProperties.Cache::openAtStart, CacheType.SHARDED),
            new Key("allow-network", LarderProperties.Cache::allowNetwork, CacheType.SHARDED));

    private TypeCheck() {}

    private record Key(String name, Function<LarderProperties.Cache, @Nullable Object> value, Set<CacheType> types) {

        Key(
                String name,
                Function<LarderProperties.Cache, @Nullable Object> value,
                CacheType first,
                CacheType... others) {
            this(name, value, EnumSet.of(first, others));
        }
    }

    static void check(String key, CacheType type, LarderProperties.Cache settings) {
        for (Key each : KEYS) {
            Object value = each.value().apply(settings);
            if (value != null && !each.types().contains(type)) {
                CacheType other = each.types().contains(CacheType.DISK) ? CacheType.DISK : CacheType.SHARDED;
                throw new InvalidLarderConfigurationException(
                        key + "." + each.name(),
                        print(value),
                        "it does not apply to a cache of type %s%s"
                                .formatted(type, IN_HEAP.contains(type) ? ", which is in heap" : ""),
                        "Remove it, or set %s.type to %s.".formatted(key, other));
            }
        }
    }

    private static Object print(Object value) {
        if (value instanceof Duration duration) {
            return DurationStyle.SIMPLE.print(duration);
        }
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : value;
    }
}
