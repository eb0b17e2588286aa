package dev.larder.metrics;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheStats;
import dev.larder.store.StoreStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The meters of one cache. They are read from its statistics whenever a registry is scraped, and cost nothing in between.
 *
 * <p>Tagged with {@code cache}, the cache's name:
 *
 * <ul>
 *   <li>{@code cache.gets} with {@code result=hit|miss}: reads;
 *   <li>{@code cache.puts}: entries written;
 *   <li>{@code cache.evictions}: entries that went because of the bound;
 *   <li>{@code cache.removals} with {@code cause=evicted|expired|removed|replaced}: entries that went, for any reason;
 *   <li>{@code cache.size}: entries now;
 *   <li>{@code cache.loads} with {@code result=success|failure}, and {@code cache.load.duration}: values computed by the
 *       cache itself, which is for {@code sync = true} and asynchronous methods;
 *   <li>{@code cache.failures}: operations of the store that failed and were taken for a miss, or dropped.
 * </ul>
 *
 * <p>Thread-safe. Holds the cache weakly: its meters do not keep it alive.
 */
public final class LarderCacheMetrics extends CacheMeterBinder<LarderCache> {

    /** The meters of a cache, with more tags than its name. */
    public LarderCacheMetrics(LarderCache cache, Iterable<Tag> tags) {
        super(cache, cache.getName(), tags);
    }

    @Override
    protected Long size() {
        return read(StoreStats::size);
    }

    @Override
    protected long hitCount() {
        return read(StoreStats::hits);
    }

    @Override
    protected Long missCount() {
        return read(StoreStats::misses);
    }

    @Override
    protected Long evictionCount() {
        return read(StoreStats::evicted);
    }

    @Override
    protected long putCount() {
        return read(StoreStats::puts);
    }

    private long read(ToLongFunction<StoreStats> count) {
        LarderCache cache = getCache();
        return cache == null ? 0 : count.applyAsLong(cache.stats().store());
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        LarderCache cache = getCache();
        if (cache == null) {
            return;
        }
        removals(cache, "evicted", StoreStats::evicted).register(registry);
        removals(cache, "expired", StoreStats::expired).register(registry);
        removals(cache, "removed", StoreStats::removed).register(registry);
        removals(cache, "replaced", StoreStats::replaced).register(registry);
        loads(cache, "success", LarderCacheStats::loadSuccesses).register(registry);
        loads(cache, "failure", LarderCacheStats::loadFailures).register(registry);
        FunctionTimer.builder(
                        "cache.load.duration",
                        cache,
                        LarderCacheMetrics::loads,
                        c -> c.stats().loadNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(getTagsWithCacheName())
                .description("The time it took to compute values for the cache.")
                .register(registry);
        FunctionCounter.builder("cache.failures", cache, c -> c.stats().failures())
                .tags(getTagsWithCacheName())
                .description("The number of operations of the store that failed.")
                .register(registry);
    }

    private FunctionCounter.Builder<LarderCache> removals(
            LarderCache cache, String cause, ToLongFunction<StoreStats> count) {
        return FunctionCounter.builder(
                        "cache.removals",
                        cache,
                        c -> count.applyAsLong(c.stats().store()))
                .tags(getTagsWithCacheName())
                .tag("cause", cause)
                .description("The number of entries that left the cache.");
    }

    private FunctionCounter.Builder<LarderCache> loads(
            LarderCache cache, String result, ToLongFunction<LarderCacheStats> count) {
        return FunctionCounter.builder("cache.loads", cache, c -> count.applyAsLong(c.stats()))
                .tags(getTagsWithCacheName())
                .tag("result", result)
                .description("The number of values computed for the cache.");
    }

    private static long loads(LarderCache cache) {
        LarderCacheStats stats = cache.stats();
        return stats.loadSuccesses() + stats.loadFailures();
    }
}
