package dev.larder.benchmarks;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.disk.DiskStore;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The store itself, with both bounds and a life time on each entry. */
final class LarderDisk implements DiskContestant {

    /** A bound that is checked, and never reached. */
    static final long MAX_SIZE = 1L << 40;

    private static final long LIFE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final DiskStore<byte[]> store;

    LarderDisk(Path directory, long maxEntries) {
        this.store = DiskStore.bytes(directory)
                .maxEntries(maxEntries)
                .maxSize(MAX_SIZE)
                .build();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        store.put(key, Entry.of(value, Entry.after(CoarseClock.shared().millis(), LIFE_MILLIS)));
    }

    long size() {
        return store.size();
    }

    @Override
    public void close() {
        store.close();
    }
}
