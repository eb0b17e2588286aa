package dev.larder.benchmarks;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Guava's cache, without statistics. */
final class GuavaContestant implements Contestant {

    private final Cache<Object, Object> cache;

    GuavaContestant(int bound) {
        this.cache = CacheBuilder.newBuilder()
                .maximumSize(bound)
                .expireAfterWrite(1, TimeUnit.HOURS)
                .build();
    }

    @Override
    public @Nullable Object get(Object key) {
        return cache.getIfPresent(key);
    }

    @Override
    public void put(Object key, Object value) {
        cache.put(key, value);
    }

    @Override
    public long size() {
        return cache.size();
    }

    @Override
    public void settle() {
        cache.cleanUp();
    }
}
