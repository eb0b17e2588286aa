package dev.larder.autoconfigure;

import dev.larder.store.log.Durability;
import dev.larder.store.log.OnLocked;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of type sharded needs besides.
 *
 * @param segmentSize in bytes; null for the store's own
 * @param lockWait null for the store's own
 * @param minFree in bytes
 * @param maxOpen null for the store's own
 */
record ShardedSpec(
        int shards,
        @Nullable Long segmentSize,
        Durability durability,
        boolean encrypted,
        OnLocked onLocked,
        @Nullable Duration lockWait,
        long minFree,
        @Nullable Integer maxOpen,
        boolean openAtStart,
        boolean allowNetwork) {}
