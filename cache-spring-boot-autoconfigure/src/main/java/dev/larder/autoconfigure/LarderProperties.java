package dev.larder.autoconfigure;

import dev.larder.store.disk.Layout;
import dev.larder.store.log.Durability;
import dev.larder.store.log.OnLocked;
import java.time.Duration;
import java.util.List;
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
 * @param directory Where caches of types disk and sharded live, each in a directory of its own. Relative to the working directory.
 * @param namespace Part of the place of all caches on disk: changing it, to the id of a release say, starts all of them
 *     empty. What was there before is left alone.
 * @param trustedPackages Packages whose types may be read back from disk, besides those of the application and the value
 *     types of the JDK.
 * @param encryption Keys for caches on disk.
 * @param defaults Settings of caches that have none of their own.
 * @param caches Settings of each cache, by its name. A name with characters other than letters, digits and dashes is
 *     written in brackets: larder.caches[my.cache].ttl.
 */
@ConfigurationProperties(prefix = LarderProperties.PREFIX, ignoreUnknownFields = false)
record LarderProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Boolean dynamic,
        @DefaultValue(DEFAULT_DIRECTORY) String directory,
        @DefaultValue("") String namespace,
        @DefaultValue List<String> trustedPackages,
        @DefaultValue Keys encryption,
        @DefaultValue Cache defaults,
        @DefaultValue Map<String, Cache> caches) {

    static final String PREFIX = "larder";

    static final String DEFAULT_DIRECTORY = "larder";

    static final String DIRECTORY = PREFIX + ".directory";

    static final String ENCRYPTION = PREFIX + ".encryption";

    static final String DEFAULTS = PREFIX + ".defaults";

    static final String CACHES = PREFIX + ".caches";

    /** The key of a cache's settings, with the name in brackets where it has to be. */
    static String keyOf(String cacheName) {
        return cacheName.matches("[A-Za-z0-9][A-Za-z0-9-]*")
                ? CACHES + "." + cacheName
                : CACHES + "[" + cacheName + "]";
    }

    /**
     * Keys for caches on disk. With any, all of these caches are encrypted unless they say otherwise.
     *
     * @param currentKey Id of the key that new entries are encrypted with.
     * @param keys Keys by their ids: 16, 24 or 32 bytes in Base64. Older entries are read with whichever key they were
     *     encrypted with.
     */
    record Keys(@Nullable String currentKey, @DefaultValue Map<String, String> keys) {

        /** Without the keys, since whatever is printed ends up in a log. */
        @Override
        public String toString() {
            return "Keys[currentKey=%s, keys=%s]".formatted(currentKey, keys.keySet());
        }
    }

    /**
     * The settings of a cache.
     *
     * @param type Where the cache lives. A cache without a type has that of larder.defaults.type.
     * @param ttl How long an entry lives after it was written. Unless set, entries do not expire.
     * @param maxEntries The largest number of entries. Unless this or max-size is set: 10,000 in heap, and 1GB on disk.
     * @param maxSize The largest size of all entries together: of their files on disk, or as a weigher or codec tells it
     *     in heap.
     * @param weigher Name of the dev.larder.store.Weigher bean that tells the size of an entry in bytes. For caches in
     *     heap.
     * @param codec How values become bytes: json, cbor, java, bytes, file, or the name of a dev.larder.store.Codec bean.
     *     Unless set: json on disk, and none in heap. With one in heap each reader gets a copy, and the size of an entry
     *     is that of the encoded value.
     * @param valueType Type of the values for the codecs json and cbor, such as java.util.List<com.example.Product>.
     *     Unless set: what the cached methods return.
     * @param compression How encoded values are compressed. Unless set: not at all.
     * @param compressionThreshold The smallest encoded value that is compressed. Unless set: 1KB.
     * @param encrypted Whether entries on disk are encrypted. Unless set: if there are keys under larder.encryption, or
     *     there is a dev.larder.store.Encryption bean.
     * @param layout Where the files of a cache of type disk are, and what they are called. Unless set: hashed.
     * @param durability What a write to disk survives. Unless set: process.
     * @param payloadGrace How long a file that was replaced or removed is still there for those who read it. Unless set:
     *     1m.
     * @param loadWait How long a load waits for the same load in another process before it goes on by itself. Unless set:
     *     30s.
     * @param shards How many logs the entries of a cache of type sharded are spread over, so that as many threads can write
     *     at once. A cache that was written with another number starts empty. Unless set: 4, and fewer for a max-size
     *     below 64MB.
     * @param segmentSize The size of a file of a cache of type sharded. The oldest file goes as a whole. Unless set: a 32nd
     *     of the share that a shard has of max-size, from 1MB to 64MB.
     * @param onLocked What to do while another process has the directory of a cache of type sharded. Unless set: wait.
     * @param lockWait How long to wait for the other process. Unless set: 10s.
     * @param minFree How much space of the disk a cache of type sharded leaves to others: its entries go before. Unless set:
     *     0B.
     * @param maxOpen How many segments a cache of type sharded holds open for reading. Unless set: 4096.
     * @param openAtStart Whether a cache of type sharded reads what is on disk before the application is up, instead of when it is
     *     used first. Unless set: false.
     * @param allowNetwork Whether a cache of type sharded may be on a network file system, whose locks may not hold what they
     *     promise. Unless set: false.
     */
    record Cache(
            @Nullable CacheType type,
            @Nullable Duration ttl,
            @Nullable Long maxEntries,
            @Nullable DataSize maxSize,
            @Nullable String weigher,
            @Nullable String codec,
            @Nullable String valueType,
            @Nullable CompressionType compression,
            @Nullable DataSize compressionThreshold,
            @Nullable Boolean encrypted,
            @Nullable Layout layout,
            @Nullable Durability durability,
            @Nullable Duration payloadGrace,
            @Nullable Duration loadWait,
            @Nullable Integer shards,
            @Nullable DataSize segmentSize,
            @Nullable OnLocked onLocked,
            @Nullable Duration lockWait,
            @Nullable DataSize minFree,
            @Nullable Integer maxOpen,
            @Nullable Boolean openAtStart,
            @Nullable Boolean allowNetwork) {

        /** No setting at all. */
        static final Cache UNSET = new Cache(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null);
    }
}
