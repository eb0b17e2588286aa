package dev.larder.autoconfigure;

import dev.larder.store.Weigher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings that were checked: all that {@link StoreFactory} needs to make a cache.
 *
 * @param ttl null for entries that do not expire
 * @param maxEntries null for no such bound; at least one of both bounds is there
 * @param maxBytes null for no such bound; in heap there is a weigher or a codec with it
 * @param codec null for values that are kept by reference
 * @param disk null unless the type is disk
 * @param sharded null unless the type is sharded
 */
record StoreSpec(
        CacheType type,
        @Nullable Duration ttl,
        @Nullable Long maxEntries,
        @Nullable Long maxBytes,
        @Nullable Weigher<Object, Object> weigher,
        @Nullable CodecSpec codec,
        @Nullable DiskSpec disk,
        @Nullable ShardedSpec sharded) {}
