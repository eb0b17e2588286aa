package dev.larder.store.contract;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plainest store there can be, to compare others with: a map, bounded by entries in exact order of use. Not thread-safe. */
public final class Model implements Store<String, String> {

    private final Map<String, Entry<String>> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final InstantSource clock;

    private final int maxEntries;

    private long hits;

    private long misses;

    private long puts;

    private long replaced;

    private long removed;

    private long expired;

    private long evicted;

    /** A model of a store that keeps so many entries. */
    public Model(InstantSource clock, int maxEntries) {
        this.clock = clock;
        this.maxEntries = maxEntries;
    }

    @Override
    public @Nullable String get(String key) {
        Entry<String> entry = entry(key);
        if (entry == null || !entry.isFresh(clock.millis())) {
            misses++;
            return null;
        }
        hits++;
        return use(key);
    }

    private String use(String key) {
        return entries.get(key).value();
    }

    @Override
    public @Nullable Entry<String> entry(String key) {
        for (Map.Entry<String, Entry<String>> candidate : entries.entrySet()) {
            if (candidate.getKey().equals(key)) {
                return candidate.getValue().isKept(clock.millis()) ? candidate.getValue() : null;
            }
        }
        return null;
    }

    @Override
    public boolean contains(String key) {
        Entry<String> entry = entry(key);
        return entry != null && entry.isFresh(clock.millis());
    }

    @Override
    public void put(String key, Entry<String> entry) {
        puts++;
        if (entry(key) != null) {
            replaced++;
        } else if (entries.containsKey(key)) {
            expired++;
        }
        if (!entry.isKept(clock.millis())) {
            entries.remove(key);
            expired++;
            return;
        }
        entries.put(key, entry);
        if (entries.size() > maxEntries) {
            Iterator<String> eldest = entries.keySet().iterator();
            eldest.next();
            eldest.remove();
            evicted++;
        }
    }

    @Override
    public @Nullable String putIfAbsent(String key, Entry<String> entry) {
        Entry<String> present = entry(key);
        if (present != null && present.isFresh(clock.millis())) {
            return present.value();
        }
        put(key, entry);
        return null;
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        Entry<String> present = entry(key);
        if (present == null) {
            return false;
        }
        entries.put(key, new Entry<>(present.value(), freshUntil, keptUntil, present.etag()));
        return true;
    }

    @Override
    public boolean remove(String key) {
        return take(key) != null;
    }

    @Override
    public @Nullable String pop(String key) {
        String value = take(key);
        if (value == null) {
            misses++;
        } else {
            hits++;
        }
        return value;
    }

    private @Nullable String take(String key) {
        Entry<String> present = entry(key);
        if (present != null) {
            removed++;
        } else if (entries.containsKey(key)) {
            expired++;
        }
        entries.remove(key);
        return present != null && present.isFresh(clock.millis()) ? present.value() : null;
    }

    @Override
    public boolean clear() {
        boolean fresh = false;
        for (Entry<String> entry : entries.values()) {
            fresh |= entry.isFresh(clock.millis());
            if (entry.isKept(clock.millis())) {
                removed++;
            } else {
                expired++;
            }
        }
        entries.clear();
        return fresh;
    }

    @Override
    public long size() {
        return entries.size();
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(hits, misses, puts, replaced, removed, expired, evicted, size(), 0);
    }

    @Override
    public void close() {
        entries.clear();
    }
}
