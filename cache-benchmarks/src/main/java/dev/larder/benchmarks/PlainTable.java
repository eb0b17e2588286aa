package dev.larder.benchmarks;

/**
 * Where the values are of those that are the limit: a plain hash table that compares hashes instead of keys. Reads take no lock, and may see
 * what somebody else is about to write; one thread at a time writes.
 */
final class PlainTable {

    /** What is found where there is nothing. */
    static final long ABSENT = 0;

    /** Pairs of a hash and what was put; half full at most. */
    private final long[] slots;

    PlainTable(int entries) {
        slots = new long[Integer.highestOneBit(entries) * 8];
    }

    long get(String key) {
        return slots[locate(hash(key)) + 1];
    }

    /** Returns what it replaces. */
    long put(String key, long value) {
        long hash = hash(key);
        int at = locate(hash);
        long before = slots[at + 1];
        slots[at] = hash;
        slots[at + 1] = value;
        return before;
    }

    /** Returns what was there. */
    long remove(String key) {
        int gap = locate(hash(key));
        long before = slots[gap + 1];
        if (before == ABSENT) {
            return before;
        }
        for (int at = next(gap); slots[at + 1] != ABSENT; at = next(at)) {
            int home = home(slots[at]);
            // Moves back whoever is not between the gap and its home.
            if ((at - home & slots.length - 1) >= (at - gap & slots.length - 1)) {
                slots[gap] = slots[at];
                slots[gap + 1] = slots[at + 1];
                gap = at;
            }
        }
        slots[gap + 1] = ABSENT;
        return before;
    }

    private int locate(long hash) {
        int at = home(hash);
        while (slots[at + 1] != ABSENT && slots[at] != hash) {
            at = next(at);
        }
        return at;
    }

    private int home(long hash) {
        return (int) hash & slots.length - 2;
    }

    private int next(int at) {
        return at + 2 & slots.length - 1;
    }

    private static long hash(String key) {
        long hash = 0;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }
}
