package dev.larder.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An open cache on disk under test. As thread-safe as the cache. */
interface DiskContestant extends AutoCloseable {

    /** The value, or null on a miss. */
    byte @Nullable [] get(String key) throws IOException;

    /** Puts a value; where the cache knows life times it gets one of a day. */
    void put(String key, byte[] value) throws IOException;

    @Override
    void close();
}
