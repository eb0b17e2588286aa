package dev.larder.store.log;

import org.jspecify.annotations.Nullable;

/**
 * The keys whose entries went unused not long ago. One that is put again was wanted after all, and gets a longer stay.
 *
 * <p>16 bits of a hash for each, in buckets in which the oldest makes room, half as many as there are entries when the first goes, or more
 * as their number doubles: those who went longer ago are not wanted more than others. One in 8000 keys is taken for a ghost in error, which
 * does not matter. The idea of a list of ghosts is that of ARC (Megiddo and Modha, 2003); that it suffices beside a queue for the new is
 * from S3-FIFO (Yang et al., 2023).
 *
 * <p>Takes no lock: two threads that change a bucket at once may lose a ghost or keep one, which is no worse than such an error.
 */
final class Ghosts {

    private static final int BUCKET = 8;

    private static final int MAX_BUCKETS = 1 << 26;

    private static final long LOW_INT = 0xFFFF_FFFFL;

    private static final int PRINT_BITS = 16;

    /** The youngest of a bucket first; 0 where there is none. */
    private volatile short @Nullable [] prints;

    /** Notes a key whose entry went, when there are so many others. */
    void add(long hash, long entries) {
        short[] table = prints;
        if (table == null || table.length < entries / 4) {
            table = new short[(int) Math.min(MAX_BUCKETS, entries / 2 / BUCKET + 1) * BUCKET];
            prints = table;
        }
        int first = bucket(table, hash);
        System.arraycopy(table, first, table, first + 1, BUCKET - 1);
        table[first] = print(hash);
    }

    /** Whether a key is a ghost; it is none afterwards. */
    boolean take(long hash) {
        short[] table = prints;
        if (table == null) {
            return false;
        }
        int first = bucket(table, hash);
        short print = print(hash);
        for (int at = first; at < first + BUCKET; at++) {
            if (table[at] == print) {
                System.arraycopy(table, at + 1, table, at, first + BUCKET - 1 - at);
                table[first + BUCKET - 1] = 0;
                return true;
            }
        }
        return false;
    }

    /** What all of this takes in the heap, in bytes. */
    long heapBytes() {
        short[] table = prints;
        return table == null ? 0 : 16 + 2L * table.length;
    }

    private static int bucket(short[] table, long hash) {
        long order = hash >>> PRINT_BITS & LOW_INT;
        return (int) ((order * (table.length / BUCKET)) >>> Integer.SIZE) * BUCKET;
    }

    private static short print(long hash) {
        short print = (short) hash;
        return print == 0 ? 1 : print;
    }
}
