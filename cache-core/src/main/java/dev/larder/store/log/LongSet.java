package dev.larder.store.log;

/** A set of numbers in 12 to 24 bytes for each, where objects would take 50. Only grows. Not thread-safe. */
final class LongSet {

    private static final int FIRST_SLOTS = 16;

    /** The golden ratio: there is no pattern in its bits. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** As many as a power of two, up to two thirds in use; 0 where there is no number. */
    private long[] slots = new long[FIRST_SLOTS];

    private int used;

    /** Which no slot can tell. */
    private boolean hasZero;

    /** Adds a number, and returns whether it was not there. */
    boolean add(long number) {
        if (number == 0) {
            boolean isNew = !hasZero;
            hasZero = true;
            return isNew;
        }
        int at = find(slots, number);
        if (slots[at] == number) {
            return false;
        }
        slots[at] = number;
        used++;
        if (used > slots.length / 3 * 2) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] more = new long[2 * slots.length];
        for (long number : slots) {
            if (number != 0) {
                more[find(more, number)] = number;
            }
        }
        slots = more;
    }

    /** Where a number is, or the empty slot for it. */
    private static int find(long[] slots, long number) {
        int at = (int) ((number * FACTOR) >>> (Long.numberOfLeadingZeros(slots.length) + 1));
        while (slots[at] != 0 && slots[at] != number) {
            at = at + 1 & slots.length - 1;
        }
        return at;
    }
}
