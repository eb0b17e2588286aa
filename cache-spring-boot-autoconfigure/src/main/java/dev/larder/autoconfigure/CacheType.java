package dev.larder.autoconfigure;

import java.util.Locale;

/** Where a cache lives: the values of {@code type}. */
enum CacheType {

    /** In heap, by exact least-recently-used order. */
    LRU,

    /** In heap, by the policy of Caffeine. */
    CAFFEINE,

    /** On disk, one file for each entry, by least-recently-used order. */
    DISK,

    /** On disk, in append-only files, by least-recently-used order in portions. */
    SHARDED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
