package dev.larder.caffeine;

import com.github.benmanes.caffeine.cache.Expiry;
import dev.larder.store.Entry;
import java.util.concurrent.TimeUnit;

/** Tells Caffeine that entries live for as long as they say. */
final class Life<K, V> implements Expiry<K, Held<V>> {

    @Override
    public long expireAfterCreate(K key, Held<V> held, long ticks) {
        return remaining(held, ticks);
    }

    @Override
    public long expireAfterUpdate(K key, Held<V> held, long ticks, long remaining) {
        return remaining(held, ticks);
    }

    @Override
    public long expireAfterRead(K key, Held<V> held, long ticks, long remaining) {
        return remaining;
    }

    /** In nanoseconds, from the given reading of Caffeine's ticker. */
    private static long remaining(Held<?> held, long ticks) {
        long keptUntil = held.entry.keptUntil();
        long end = TimeUnit.MILLISECONDS.toNanos(keptUntil);
        return keptUntil == Entry.FOREVER || end == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, end - ticks);
    }
}
