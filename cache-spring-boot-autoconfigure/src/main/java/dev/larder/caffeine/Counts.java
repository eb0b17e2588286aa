package dev.larder.caffeine;

import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.RemovalListener;
import dev.larder.store.StoreStats;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in a {@link CaffeineStore}. Caffeine's own statistics count other things: each look, and a removal
 * once for each cause that it knows.
 *
 * <p>As Caffeine's eviction listener it hears of what Caffeine removes by itself, while it does so. Thread-safe.
 */
final class Counts implements RemovalListener<Object, Object> {

    final LongAdder hits = new LongAdder();

    final LongAdder misses = new LongAdder();

    final LongAdder puts = new LongAdder();

    final LongAdder replaced = new LongAdder();

    final LongAdder removed = new LongAdder();

    final LongAdder expired = new LongAdder();

    final LongAdder evicted = new LongAdder();

    @Override
    public void onRemoval(@Nullable Object key, @Nullable Object value, RemovalCause cause) {
        (cause == RemovalCause.EXPIRED ? expired : evicted).increment();
    }

    StoreStats snapshot(long size, long weight) {
        return new StoreStats(
                hits.sum(),
                misses.sum(),
                puts.sum(),
                replaced.sum(),
                removed.sum(),
                expired.sum(),
                evicted.sum(),
                size,
                weight);
    }
}
