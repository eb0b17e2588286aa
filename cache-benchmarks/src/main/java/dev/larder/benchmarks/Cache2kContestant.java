package dev.larder.benchmarks;

import java.util.concurrent.TimeUnit;
import org.cache2k.Cache;
import org.cache2k.Cache2kBuilder;
import org.jspecify.annotations.Nullable;

/** cache2k as it comes, which is with statistics. */
final class Cache2kContestant implements Contestant {

    private final Cache<Object, Object> cache;

    Cache2kContestant(int bound) {
        this.cache = Cache2kBuilder.of(Object.class, Object.class)
                .entryCapacity(bound)
                .expireAfterWrite(1, TimeUnit.HOURS)
                .build();
    }

    @Override
    public @Nullable Object get(Object key) {
        return cache.peek(key);
    }

    @Override
    public void put(Object key, Object value) {
        cache.put(key, value);
    }

    @Override
    public long size() {
        return cache.asMap().size();
    }
}
