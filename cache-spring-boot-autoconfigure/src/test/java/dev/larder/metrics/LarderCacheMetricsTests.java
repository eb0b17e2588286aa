package dev.larder.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.larder.spring.LarderCache;
import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.lru.LruStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LarderCacheMetricsTests extends CacheMeterBinderCompatibilityKit<LarderCache> {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Override
    public LarderCache createCache() {
        Store<Object, Object> store = LruStore.builder().maxEntries(2).build();
        return LarderCache.builder("mycache", store).build();
    }

    @Override
    public CacheMeterBinder<LarderCache> binder() {
        return new LarderCacheMetrics(cache, Tags.of("cache.manager", "main"));
    }

    @Override
    public void put(String key, String value) {
        cache.put(key, value);
    }

    @Override
    public String get(String key) {
        return cache.get(key, String.class);
    }

    @Test
    void loadsAreCountedByResultAndTimed() {
        binder().bindTo(registry);
        cache.get("a", () -> "loaded");
        cache.get("a", () -> "not loaded");
        assertThatException()
                .isThrownBy(() -> cache.get("b", () -> {
                    throw new IllegalStateException("no");
                }));

        assertThat(counter("cache.loads", "result", "success")).isEqualTo(1);
        assertThat(counter("cache.loads", "result", "failure")).isEqualTo(1);
        assertThat(registry.get("cache.load.duration").functionTimer().count()).isEqualTo(2);
        assertThat(registry.get("cache.load.duration").functionTimer().totalTime(TimeUnit.NANOSECONDS))
                .isEqualTo(cache.stats().loadNanos())
                .isPositive();
    }

    @Test
    void removalsAreCountedByCause() {
        binder().bindTo(registry);
        cache.put("a", 1);
        cache.put("a", 2);
        cache.evict("a");
        cache.put("a", 1);
        cache.put("b", 1);
        cache.put("c", 1);

        assertThat(counter("cache.removals", "cause", "replaced")).isEqualTo(1);
        assertThat(counter("cache.removals", "cause", "removed")).isEqualTo(1);
        assertThat(counter("cache.removals", "cause", "evicted")).isEqualTo(1);
        assertThat(counter("cache.removals", "cause", "expired")).isZero();
        assertThat(registry.get("cache.evictions").functionCounter().count()).isEqualTo(1);
    }

    @Test
    void failuresAreCountedByKind() {
        Store<Object, Object> store = LruStore.builder()
                .maxWeight(1, (key, value) -> {
                    throw new IllegalStateException("no");
                })
                .build();
        Failures failures = new Failures("mycache", InstantSource.system());
        cache = LarderCache.builder("mycache", store).failures(failures).build();
        binder().bindTo(registry);
        assertThat(counter("cache.failures", "kind", "write")).isZero();
        cache.put("a", 1);
        failures.report("sync", new IOException("no"));
        failures.report("paint", new IOException("no"));
        failures.report("sing", new IOException("no"));

        assertThat(counter("cache.failures", "kind", "write")).isEqualTo(1);
        assertThat(counter("cache.failures", "kind", "sync")).isEqualTo(1);
        assertThat(counter("cache.failures", "kind", "other")).isEqualTo(2);
        assertThat(counter("cache.failures", "kind", "read")).isZero();
    }

    @Test
    void bytesAreWhatTheStoreWeighs() {
        Store<Object, Object> store =
                LruStore.builder().maxWeight(100, (key, value) -> 7).build();
        cache = LarderCache.builder("mycache", store).build();
        binder().bindTo(registry);
        cache.put("a", 1);
        cache.put("b", 1);

        assertThat(registry.get("cache.bytes").gauge().value()).isEqualTo(14);
        assertThat(registry.get("cache.bytes").gauge().getId().getBaseUnit()).isEqualTo("bytes");
        assertThat(registry.get("cache.size").gauge().value()).isEqualTo(2);
    }

    @Test
    void loadWaitsAreCounted() {
        binder().bindTo(registry);

        assertThat(registry.get("cache.load.waits").functionCounter().count()).isZero();
    }

    @Test
    void allMetersHaveTheTags() {
        binder().bindTo(registry);

        assertThat(registry.getMeters())
                .hasSize(23)
                .allSatisfy(meter -> assertThat(meter.getId().getTags())
                        .containsAll(Tags.of("cache", "mycache", "cache.manager", "main")));
    }

    @Test
    void providerRemembersForWhichCachesItProvided() {
        LarderCacheMeterBinderProvider provider = new LarderCacheMeterBinderProvider();

        assertThat(provider.hasProvidedFor(cache)).isFalse();
        assertThat(provider.getMeterBinder(cache, Tags.empty())).isInstanceOf(LarderCacheMetrics.class);
        assertThat(provider.hasProvidedFor(cache)).isTrue();
        assertThat(provider.hasProvidedFor(createCache())).isFalse();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name)
                .tag("cache", "mycache")
                .tag(tag, value)
                .functionCounter()
                .count();
    }
}
