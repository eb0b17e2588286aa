package dev.larder.benchmarks;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.lru.LruStore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The store itself, with a life time on each entry. */
final class LarderContestant implements Contestant {

    private static final long LIFE_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final LruStore<Object, Object> store;

    LarderContestant(int bound) {
        this.store = LruStore.builder().maxEntries(bound).build();
    }

    @Override
    public @Nullable Object get(Object key) {
        return store.get(key);
    }

    @Override
    public void put(Object key, Object value) {
        store.put(key, Entry.of(value, Entry.after(CoarseClock.shared().millis(), LIFE_MILLIS)));
    }

    @Override
    public long size() {
        return store.size();
    }
}
