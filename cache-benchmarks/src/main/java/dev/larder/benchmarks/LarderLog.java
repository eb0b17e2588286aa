package dev.larder.benchmarks;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.log.LogStore;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The store itself, with a life time on each entry. */
final class LarderLog implements PersistentContestant {

    /** As many as a cache of type {@code sharded} has unless it says otherwise, or one for each of these bytes if that is fewer. */
    private static final int SHARDS = 4;

    private static final long SHARE = 16L << 20;

    private static final long LIFE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final LogStore store;

    LarderLog(Path directory, Room room) {
        this.store = open(directory, room);
    }

    static LogStore open(Path directory, Room room) {
        LogStore.Builder builder = LogStore.at(directory);
        if (room.isBounded()) {
            builder.maxSize(room.bytes());
            builder.shards((int) Math.max(1, Math.min(SHARDS, room.bytes() / SHARE)));
        } else {
            builder.shards(SHARDS);
        }
        return builder.open();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        store.put(key, Entry.of(value, Entry.after(CoarseClock.shared().millis(), LIFE_MILLIS)));
    }

    @Override
    public void remove(String key) {
        store.remove(key);
    }

    @Override
    public void close() {
        store.close();
    }
}
