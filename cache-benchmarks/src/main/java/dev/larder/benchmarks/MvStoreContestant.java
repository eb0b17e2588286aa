package dev.larder.benchmarks;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** H2's MVStore: a tree that is written anew to a log once a second, with {@value #CACHE_MEGABYTES} MB of cache. */
final class MvStoreContestant implements PersistentContestant {

    private static final int CACHE_MEGABYTES = 256;

    private final MVStore store;

    private final MVMap<String, byte[]> map;

    MvStoreContestant(Path directory) {
        store = new MVStore.Builder()
                .fileName(directory.resolve("map.mv").toString())
                .cacheSize(CACHE_MEGABYTES)
                .open();
        map = store.openMap("map");
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

    @Override
    public void close() {
        store.close();
    }
}
