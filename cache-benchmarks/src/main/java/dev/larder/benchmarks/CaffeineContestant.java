package dev.larder.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Caffeine itself, without statistics. */
final class CaffeineContestant implements Contestant {

    private final Cache<Object, Object> cache;

    CaffeineContestant(int bound) {
        this.cache = builder(bound).build();
    }

    static Caffeine<Object, Object> builder(int bound) {
        return Caffeine.newBuilder().maximumSize(bound).expireAfterWrite(1, TimeUnit.HOURS);
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
        return cache.estimatedSize();
    }

    @Override
    public void settle() {
        cache.cleanUp();
    }
}
