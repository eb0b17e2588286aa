package dev.larder.benchmarks;

import dev.larder.spring.LarderCache;
import dev.larder.store.Store;
import dev.larder.store.lru.LruStore;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.concurrent.ConcurrentMapCache;

/** A cache behind Spring's interface, with statistics where there are any: what a call of a cached method meets. */
final class SpringContestant implements Contestant {

    private final Cache cache;

    private final LongSupplier size;

    private final Runnable settle;

    private SpringContestant(Cache cache, LongSupplier size, Runnable settle) {
        this.cache = cache;
        this.size = size;
        this.settle = settle;
    }

    static SpringContestant larder(int bound) {
        Store<Object, Object> store = LruStore.builder().maxEntries(bound).build();
        LarderCache cache =
                LarderCache.builder("products", store).ttl(Duration.ofHours(1)).build();
        return new SpringContestant(cache, store::size, () -> {});
    }

    static SpringContestant caffeine(int bound) {
        com.github.benmanes.caffeine.cache.Cache<Object, Object> store =
                CaffeineContestant.builder(bound).recordStats().build();
        return new SpringContestant(new CaffeineCache("products", store), store::estimatedSize, store::cleanUp);
    }

    static SpringContestant map() {
        ConcurrentMapCache cache = new ConcurrentMapCache("products");
        return new SpringContestant(cache, cache.getNativeCache()::size, () -> {});
    }

    @Override
    public @Nullable Object get(Object key) {
        Cache.ValueWrapper value = cache.get(key);
        return value == null ? null : value.get();
    }

    @Override
    public void put(Object key, Object value) {
        cache.put(key, value);
    }

    @Override
    public long size() {
        return size.getAsLong();
    }

    @Override
    public void settle() {
        settle.run();
    }
}
