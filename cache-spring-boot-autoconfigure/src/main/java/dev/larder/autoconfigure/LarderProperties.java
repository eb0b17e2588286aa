package dev.larder.autoconfigure;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The keys under {@code larder}, as written. What they may be together is checked by {@link SettingsCheck}.
 *
 * @param enabled Whether Larder provides the cache manager.
 * @param dynamic Whether a cache that is not configured is created at its first use. Unless set: yes, except where
 *     spring.cache.cache-names lists the caches.
 * @param defaults Settings of caches that have none of their own.
 * @param caches Settings of each cache, by its name. A name with characters other than letters, digits and dashes is
 *     written in brackets: larder.caches[my.cache].ttl.
 */
@ConfigurationProperties(prefix = LarderProperties.PREFIX, ignoreUnknownFields = false)
record LarderProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Boolean dynamic,
        @DefaultValue Cache defaults,
        @DefaultValue Map<String, Cache> caches) {

    static final String PREFIX = "larder";

    static final String DEFAULTS = PREFIX + ".defaults";

    static final String CACHES = PREFIX + ".caches";

    /** The key of a cache's settings, with the name in brackets where it has to be. */
    static String keyOf(String cacheName) {
        return cacheName.matches("[A-Za-z0-9][A-Za-z0-9-]*")
                ? CACHES + "." + cacheName
                : CACHES + "[" + cacheName + "]";
    }

    /**
     * The settings of a cache.
     *
     * @param type Where the cache lives. A cache without a type has that of larder.defaults.type.
     * @param ttl How long an entry lives after it was written. Unless set, entries do not expire.
     * @param maxEntries The largest number of entries. Unless this or max-size is set: 10,000.
     * @param maxSize The largest size of all entries together, as a weigher or codec tells it.
     * @param weigher Name of the dev.larder.store.Weigher bean that tells the size of an entry in bytes.
     * @param codec Name of the dev.larder.store.Codec bean that encodes values, so that each reader gets a copy. The
     *     size of an entry is then that of the encoded value.
     */
    record Cache(
            @Nullable CacheType type,
            @Nullable Duration ttl,
            @Nullable Long maxEntries,
            @Nullable DataSize maxSize,
            @Nullable String weigher,
            @Nullable String codec) {}
}
