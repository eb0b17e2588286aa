package dev.larder.benchmarks;

import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/** H2's MVStore: a tree that is written anew to a log once a second, with {@value #CACHE_MEGABYTES} MB of cache. */
final class MvStoreContestant extends MapOnDisk {

    private static final int CACHE_MEGABYTES = 256;

    private final MVStore store;

    MvStoreContestant(Path directory) {
        this(new MVStore.Builder()
                .fileName(directory.resolve("map.mv").toString())
                .cacheSize(CACHE_MEGABYTES)
                .open());
    }

    private MvStoreContestant(MVStore store) {
        super(store.openMap("map"));
        this.store = store;
    }

    @Override
    public void close() {
        store.close();
    }
}
