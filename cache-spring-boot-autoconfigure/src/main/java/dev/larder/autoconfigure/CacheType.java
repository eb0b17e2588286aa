package dev.larder.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a cache lives: the values of {@code type}. */
enum CacheType {

    /** In heap, by exact least-recently-used order. */
    LRU,

    /** In heap, by the policy of Caffeine. */
    CAFFEINE;

    /** The types as they are written in a configuration file. */
    static List<String> names() {
        return Arrays.stream(values()).map(CacheType::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
