package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** RocksDB: a log-structured merge tree, with a filter for misses and {@value #CACHE_MEGABYTES} MB of cache. */
final class RocksDbContestant implements PersistentContestant {

    private static final int CACHE_MEGABYTES = 256;

    private final Options options;

    private final LRUCache cache;

    private final BloomFilter filter;

    private final RocksDB database;

    RocksDbContestant(Path directory) throws IOException {
        RocksDB.loadLibrary();
        cache = new LRUCache((long) CACHE_MEGABYTES << 20);
        filter = new BloomFilter(10);
        options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
        try {
            database = RocksDB.open(options, directory.toString());
        } catch (RocksDBException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        try {
            return database.get(key.getBytes(StandardCharsets.UTF_8));
        } catch (RocksDBException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void put(String key, byte[] value) throws IOException {
        try {
            database.put(key.getBytes(StandardCharsets.UTF_8), value);
        } catch (RocksDBException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void remove(String key) throws IOException {
        try {
            database.delete(key.getBytes(StandardCharsets.UTF_8));
        } catch (RocksDBException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void close() {
        database.close();
        options.close();
        filter.close();
        cache.close();
    }
}
