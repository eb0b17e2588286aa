package dev.larder.benchmarks;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store on disk that shows itself as a map. Closing it is up to who knows what it is. */
abstract class MapOnDisk implements PersistentContestant {

    private final Map<String, byte[]> map;

    MapOnDisk(Map<String, byte[]> map) {
        this.map = map;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        map.put(key, value);
    }

    @Override
    public void remove(String key) {
        map.remove(key);
    }
}
