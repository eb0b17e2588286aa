package dev.larder.benchmarks;

import dev.larder.codec.BytesCodec;
import dev.larder.spring.LarderCache;
import dev.larder.spring.SpringKeyCodec;
import dev.larder.store.CoarseClock;
import dev.larder.store.Failures;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call of a cached method meets: the store behind codecs and Spring's interface. */
final class LarderCacheLog implements PersistentContestant {

    private final LarderCache cache;

    LarderCacheLog(Path directory, Room room) {
        Store<Object, Object> store = SerializingStore.of(
                LarderLog.open(directory, room),
                new SpringKeyCodec(Map.of()),
                new BytesCodec(),
                new Failures("products", CoarseClock.shared()));
        this.cache =
                LarderCache.builder("products", store).ttl(Duration.ofDays(1)).build();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return cache.get(key, byte[].class);
    }

    @Override
    public void put(String key, byte[] value) {
        cache.put(key, value);
    }

    @Override
    public void remove(String key) {
        cache.evict(key);
    }

    @Override
    public void close() {
        cache.close();
    }
}
