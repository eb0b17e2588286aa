package dev.larder.store.log;

/**
 * Where a record is, and what the {@link Index} knows about it, in one {@code long}, so that finding allocates nothing:
 *
 * <pre>
 *   63        50 49            23 22  21 20       8 7     0
 *  | segment 14 | offset / 8  27 | uses | length 13 | hash 8 |
 * </pre>
 *
 * <p>The upper 41 bits identify the record: at any time there is one in a place. The others are the index's. {@code hash}
 * belongs to {@link Partition}.
 */
final class Place {

    /** No record. No record begins at offset 0, which is the segment's header. */
    static final long ABSENT = 0;

    /** How many segments can exist at a time. */
    static final int MAX_SEGMENTS = 1 << 14;

    /** How long a segment can be, in bytes. Records begin at multiples of 8. */
    static final long MAX_SEGMENT_BYTES = 1L << 30;

    /** The uses that are told apart: a hit writes to memory that others read at most so many times. */
    static final int MAX_USES = 3;

    private static final int USES_SHIFT = 21;

    private static final int LENGTH_SHIFT = 8;

    private static final int OFFSET_SHIFT = 23;

    private static final int SEGMENT_SHIFT = 50;

    private static final long USES_MASK = 3L << USES_SHIFT;

    /** In a place that no record can have, because the segment's header is there. */
    private static final long MARKER = of(0, Long.BYTES);

    private Place() {}

    /**
     * The place of a record, without uses or length.
     *
     * @param segment the number of the slot of the segment, from 0 and less than {@link #MAX_SEGMENTS}
     * @param offset in bytes, a multiple of 8 that is larger than 8 and less than {@link #MAX_SEGMENT_BYTES}
     */
    static long of(int segment, long offset) {
        return (long) segment << SEGMENT_SHIFT | (offset / Long.BYTES) << OFFSET_SHIFT;
    }

    /** The slot of the segment. */
    static int segment(long place) {
        return (int) (place >>> SEGMENT_SHIFT);
    }

    /** The offset in the segment, in bytes. */
    static long offset(long place) {
        return (place << 14 >>> 37) * Long.BYTES;
    }

    /** At least the length that was put, in bytes, and at most 0.4 % and 7 bytes more. */
    static long length(long place) {
        return LengthCode.decode((int) (place >>> LENGTH_SHIFT) & LengthCode.MASK);
    }

    /** How often the entry was used since it was put, up to {@link #MAX_USES}. */
    static int uses(long place) {
        return (int) (place >>> USES_SHIFT) & MAX_USES;
    }

    /** Whether both are the place of the same record. */
    static boolean isSame(long place, long other) {
        return (place ^ other) >>> OFFSET_SHIFT == 0;
    }

    /** A place with the length of what is there, in bytes, and without uses. */
    static long withLength(long place, int length) {
        return place >>> OFFSET_SHIFT << OFFSET_SHIFT | (long) LengthCode.encode(length) << LENGTH_SHIFT;
    }

    static long withUses(long place, int uses) {
        return (place & ~USES_MASK) | (long) uses << USES_SHIFT;
    }

    /** What stands in the place of an entry whose removal has to be remembered. */
    static long marker() {
        return MARKER;
    }

    static boolean isMarker(long place) {
        return isSame(place, MARKER);
    }

    /** The second place, with the length of the first. */
    static long moved(long from, long to) {
        return to >>> OFFSET_SHIFT << OFFSET_SHIFT | (from & ((1L << USES_SHIFT) - 1));
    }
}
