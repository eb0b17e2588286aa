package dev.larder.spring;

import dev.larder.store.StoreStats;
import dev.larder.store.log.LogStats;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a {@link LarderCache} since it was built, and what is in it now.
 *
 * <p>Immutable. Counts are taken one after another while the cache is in use, so a snapshot is exact only when the cache
 * is at rest.
 *
 * @param store hits, misses, writes and removals, as the store counts them; a caller that has to load a value, or to wait
 *     for its load, counts one miss
 * @param loadSuccesses loaders that returned, also if their result was not stored because the key was written meanwhile
 * @param loadFailures loaders that threw, or whose future failed; callers that waited for them are not counted
 * @param loadNanos nanoseconds that all these loads took together
 * @param loadWaits loads that had to wait for another process
 * @param failuresByKind faults that the cache hid from its callers, by what failed, such as {@code "put"}
 * @param log what a store in append-only files does with its disk; null for any other store
 */
public record LarderCacheStats(
        StoreStats store,
        long loadSuccesses,
        long loadFailures,
        long loadNanos,
        long loadWaits,
        Map<String, Long> failuresByKind,
        @Nullable LogStats log) {

    /** All faults that the cache hid from its callers. */
    public long failures() {
        return failuresByKind.values().stream().mapToLong(Long::longValue).sum();
    }
}
