package dev.larder.benchmarks;

import java.nio.file.Path;
import org.ehcache.Cache;
import org.ehcache.PersistentCacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ehcache: a disk under {@value #OFF_HEAP_MEGABYTES} MB of memory, or half of its bytes where it is bounded. It acknowledges a
 * write before the disk has it.
 */
final class EhcacheContestant implements PersistentContestant {

    private static final int HEAP_ENTRIES = 1000;

    private static final int OFF_HEAP_MEGABYTES = 256;

    private final PersistentCacheManager manager;

    private final Cache<String, byte[]> cache;

    EhcacheContestant(Path directory, Room room) {
        long megabytes = room.bytes() / (1 << 20) + 1;
        // Off-heap has to be smaller than the disk, and to be worth it most of what is asked for has to fit in.
        long offHeap = room.isBounded() ? Math.max(1, megabytes / 2) : OFF_HEAP_MEGABYTES;
        long disk = room.isBounded() ? megabytes + 1 : 2 * (megabytes + OFF_HEAP_MEGABYTES);
        manager = CacheManagerBuilder.newCacheManagerBuilder()
                .with(CacheManagerBuilder.persistence(directory.toFile()))
                .withCache(
                        "map",
                        CacheConfigurationBuilder.newCacheConfigurationBuilder(
                                String.class,
                                byte[].class,
                                ResourcePoolsBuilder.newResourcePoolsBuilder()
                                        .heap(HEAP_ENTRIES, EntryUnit.ENTRIES)
                                        .offheap(offHeap, MemoryUnit.MB)
                                        .disk(disk, MemoryUnit.MB, true)))
                .build(true);
        cache = manager.getCache("map", String.class, byte[].class);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return cache.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        cache.put(key, value);
    }

    @Override
    public void remove(String key) {
        cache.remove(key);
    }

    @Override
    public void close() {
        manager.close();
    }
}
