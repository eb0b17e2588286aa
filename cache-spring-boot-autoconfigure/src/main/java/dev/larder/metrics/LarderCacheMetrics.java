package dev.larder.metrics;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheStats;
import dev.larder.store.StoreStats;
import dev.larder.store.log.LogStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
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
 *   <li>{@code cache.load.waits}: loads that had to wait for the load of another process;
 *   <li>{@code cache.bytes}: bytes on disk, or what the entries weigh in heap; 0 where nothing tells their size;
 *   <li>of a cache in append-only files: {@code cache.segments}, {@code cache.log.bytes} with {@code state=live|dead}, {@code
 *       cache.write.amplification}, {@code cache.read.only} (1 while the disk is full) and {@code cache.recovery.duration};
 *   <li>{@code cache.failures} with {@code kind=read|write|delete|lock|sync|sweep|encode|decode|other}: faults that were
 *       taken for a miss, or for a lost write.
 * </ul>
 *
 * <p>Thread-safe. Holds the cache weakly: its meters do not keep it alive.
 */
public final class LarderCacheMetrics extends CacheMeterBinder<LarderCache> {

    /** There from the start, since an alert on an increase does not see the first of a meter that comes with it. */
    private static final Set<String> KINDS =
            Set.of("read", "write", "delete", "lock", "sync", "sweep", "encode", "decode");

    private static final String LOG_BYTES = "The size of the files of records, by whether entries are read from it.";

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
        FunctionCounter.builder("cache.load.waits", cache, c -> c.stats().loadWaits())
                .tags(getTagsWithCacheName())
                .description("The number of loads that had to wait for another process.")
                .register(registry);
        Gauge.builder("cache.bytes", cache, c -> c.stats().store().weight())
                .tags(getTagsWithCacheName())
                .description("The size of all entries together.")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        if (cache.stats().log() != null) {
            bindLog(cache, registry);
        }
        KINDS.forEach(kind -> failures(cache, kind, stats -> count(stats, kind)).register(registry));
        failures(cache, "other", LarderCacheMetrics::otherFailures).register(registry);
    }

    private void bindLog(LarderCache cache, MeterRegistry registry) {
        log("cache.segments", cache, LogStats::segments)
                .description("The number of files of records.")
                .register(registry);
        log("cache.log.bytes", cache, LogStats::liveBytes)
                .tag("state", "live")
                .description(LOG_BYTES)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        log("cache.log.bytes", cache, LogStats::deadBytes)
                .tag("state", "dead")
                .description(LOG_BYTES)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        log("cache.write.amplification", cache, LogStats::writeAmplification)
                .description("The number of bytes written for each byte that callers wrote.")
                .register(registry);
        log("cache.read.only", cache, stats -> stats.readOnly() ? 1 : 0)
                .description("Whether writes are dropped because the disk is full.")
                .register(registry);
        TimeGauge.builder(
                        "cache.recovery.duration", cache, TimeUnit.MILLISECONDS, c -> read(c, LogStats::recoveryMillis))
                .tags(getTagsWithCacheName())
                .description("The time it took to read what an earlier process left.")
                .register(registry);
    }

    private Gauge.Builder<LarderCache> log(String name, LarderCache cache, ToDoubleFunction<LogStats> figure) {
        return Gauge.builder(name, cache, c -> read(c, figure)).tags(getTagsWithCacheName());
    }

    private static double read(LarderCache cache, ToDoubleFunction<LogStats> figure) {
        LogStats log = cache.stats().log();
        return log == null ? Double.NaN : figure.applyAsDouble(log);
    }

    private FunctionCounter.Builder<LarderCache> failures(
            LarderCache cache, String kind, ToLongFunction<LarderCacheStats> count) {
        return FunctionCounter.builder("cache.failures", cache, c -> count.applyAsLong(c.stats()))
                .tags(getTagsWithCacheName())
                .tag("kind", kind)
                .description("The number of faults that were taken for a miss, or for a lost write.");
    }

    private static long count(LarderCacheStats stats, String kind) {
        return stats.failuresByKind().getOrDefault(kind, 0L);
    }

    private static long otherFailures(LarderCacheStats stats) {
        return stats.failures()
                - KINDS.stream().mapToLong(kind -> count(stats, kind)).sum();
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
