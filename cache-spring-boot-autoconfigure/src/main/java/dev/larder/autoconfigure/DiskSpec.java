package dev.larder.autoconfigure;

import dev.larder.store.disk.Durability;
import dev.larder.store.disk.Layout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of type disk needs besides.
 *
 * @param payloadGrace null for the store's own
 * @param loadWait null for the cache's own
 */
record DiskSpec(
        Layout layout,
        Durability durability,
        boolean encrypted,
        @Nullable Duration payloadGrace,
        @Nullable Duration loadWait) {}
