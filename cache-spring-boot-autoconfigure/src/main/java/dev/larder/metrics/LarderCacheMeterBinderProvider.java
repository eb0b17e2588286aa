package dev.larder.metrics;

import dev.larder.spring.LarderCache;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;

/**
 * Gives Spring Boot's registrar the meters of a cache, and remembers which caches it asked for, so that those created
 * later are bound exactly once. Thread-safe; holds caches weakly.
 */
public final class LarderCacheMeterBinderProvider implements CacheMeterBinderProvider<LarderCache> {

    private final Set<LarderCache> provided =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** A provider that has not provided for any cache yet. */
    public LarderCacheMeterBinderProvider() {}

    @Override
    public MeterBinder getMeterBinder(LarderCache cache, Iterable<Tag> tags) {
        provided.add(cache);
        return new LarderCacheMetrics(cache, tags);
    }

    /** Whether the meters of a cache were asked for before. */
    public boolean hasProvidedFor(LarderCache cache) {
        return provided.contains(cache);
    }
}
