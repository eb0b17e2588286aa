package dev.larder.benchmarks;

import org.jspecify.annotations.Nullable;

/** An open cache under test: the few operations that all of them have. As thread-safe as the cache. */
interface Contestant {

    /** The value, or null on a miss. */
    @Nullable
    Object get(Object key);

    /** Puts a value; where the cache knows life times it gets one of an hour. */
    void put(Object key, Object value);

    /** The number of entries now. */
    long size();

    /** Does the work that the cache has put off, such as evictions; only outside of what is timed. */
    default void settle() {}

    /** How many bytes were written to disk for each that was put; 0 for those in heap. */
    default double writeAmplification() {
        return 0;
    }

    /** Lets go what is not in heap. */
    default void close() {}
}
