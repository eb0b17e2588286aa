package dev.larder.store;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in a store of this process; what each count means stands at {@link StoreStats}. Thread-safe. */
public final class StoreCounts {

    public final LongAdder hits = new LongAdder();

    public final LongAdder misses = new LongAdder();

    public final LongAdder puts = new LongAdder();

    public final LongAdder replaced = new LongAdder();

    public final LongAdder removed = new LongAdder();

    public final LongAdder expired = new LongAdder();

    public final LongAdder evicted = new LongAdder();

    /** The counts so far, with what the store says is in it now. */
    public StoreStats stats(long size, long weight) {
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
