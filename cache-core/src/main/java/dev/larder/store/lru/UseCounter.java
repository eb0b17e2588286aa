package dev.larder.store.lru;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Numbers the uses of entries: the order of the numbers is the order of the uses. And counts them exactly, which gives
 * the number of hits for nothing.
 *
 * <p>One counter for all threads would be exact but slow: each hit would wait for the counter to come over from another
 * core. So a thread takes a block of numbers at a time, and gives up what is left of it when the others are too far ahead.
 * For one thread the order is exact whatever the size of the block. Two uses by different threads may be numbered the
 * other way round, if fewer than {@code block * stripes} uses lie between them; the store chooses the block so that this
 * is nothing next to the number of entries, and 1, hence the exact order, while it is small.
 *
 * <p>Threads share a stripe without harm. All that is racy here is the border of a block, where numbers may be given out
 * twice; a stripe that was set back by a thread that slept in between is noticed as one whose numbers are too old.
 *
 * <p>Thread-safe.
 */
final class UseCounter {

    /** Cells of one stripe: uses, what to add to make a number of a use, and the end of the block. */
    private static final int OFFSET = 1;

    private static final int END = 2;

    /** 16 cells, 128 bytes: a stripe shares no cache line with another, nor the line that is fetched along with it. */
    private static final int CELLS_SHIFT = 4;

    private static final int STRIPES =
            Math.min(64, Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 4 - 1)));

    /** The largest block that is worth it: the counter is then touched at one use in 64. */
    private static final long MAX_BLOCK = 64;

    /** Where the last number that was given out is counted. */
    private static final int GIVEN = (STRIPES + 1) << CELLS_SHIFT;

    private final AtomicLongArray cells = new AtomicLongArray((STRIPES + 2) << CELLS_SHIFT);

    private volatile long block = 1;

    /** Counts a use, and returns its number. */
    long next() {
        int stripe = stripe();
        long use = cells.getAndIncrement(stripe);
        long number = use + cells.getOpaque(stripe + OFFSET);
        return 2 * (isValid(stripe, number) ? number : take(stripe, use));
    }

    /**
     * A number between that of this thread's last use and that of its next one, without counting a use. Takes no atomic step,
     * since those make a processor wait for its memory. Two calls may return the same number.
     */
    long beforeNext() {
        int stripe = stripe();
        long number = cells.getOpaque(stripe) + cells.getOpaque(stripe + OFFSET);
        return 2 * (isValid(stripe, number) ? number : cells.getOpaque(GIVEN) + 1) - 1;
    }

    private static int stripe() {
        return (1 + ((int) Thread.currentThread().getId() & (STRIPES - 1))) << CELLS_SHIFT;
    }

    private boolean isValid(int stripe, long number) {
        return number < cells.getOpaque(stripe + END) && cells.getOpaque(GIVEN) - number <= block * STRIPES;
    }

    private long take(int stripe, long use) {
        long size = block;
        long first = cells.getAndAdd(GIVEN, size) + 1;
        cells.setOpaque(stripe + OFFSET, first - use);
        cells.setOpaque(stripe + END, first + size);
        return first;
    }

    /** How many uses were counted. */
    long count() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += cells.get(stripe << CELLS_SHIFT);
        }
        return sum;
    }

    /** Adapts the block to the number of entries: the order may be off by at most one in 256 of them. */
    void adaptTo(long entries) {
        block = Math.max(1, Math.min(MAX_BLOCK, entries / (256L * STRIPES)));
    }
}
