package dev.larder.store.log;

import dev.larder.store.StoreStats;
import java.util.concurrent.atomic.LongAdder;

/** What happened in a store, by this process. Thread-safe. */
final class Counts {

    final LongAdder hits = new LongAdder();

    final LongAdder misses = new LongAdder();

    final LongAdder puts = new LongAdder();

    final LongAdder replaced = new LongAdder();

    final LongAdder removed = new LongAdder();

    final LongAdder expired = new LongAdder();

    final LongAdder evicted = new LongAdder();

    /** Bytes of records that were written to move an entry. */
    final LongAdder moved = new LongAdder();

    StoreStats stats(long size, long weight) {
        return new StoreStats(
                hits.sum(),
                misses.sum(),
                puts.sum(),
                replaced.sum(),
                removed.sum(),
                expired.sum(),
                evicted.sum(),
                size,
                weight);
    }
}
