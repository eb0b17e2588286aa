package dev.larder.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What no cache on top of the JDK can outrun: neither bound nor life time nor statistics. */
final class MapContestant implements Contestant {

    private final ConcurrentHashMap<Object, Object> map = new ConcurrentHashMap<>();

    @Override
    public @Nullable Object get(Object key) {
        return map.get(key);
    }

    @Override
    public void put(Object key, Object value) {
        map.put(key, value);
    }

    @Override
    public long size() {
        return map.size();
    }
}
