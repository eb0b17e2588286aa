package dev.larder.store.log;

import java.io.IOException;
import java.util.List;

/**
 * A segment that is about to go, and what has to become of its records. For one thread.
 *
 * <p>What keeps removed and replaced values from coming back: for each key, its newest record on disk says what it is, as long as there
 * is an older one that is wrong. So a record that goes and may {@linkplain Records#hides hide} something leaves a tombstone, unless there
 * is no older segment left that could have it, or the key has an entry elsewhere: that one says itself that it replaces something.
 */
final class Source {

    final Segment segment;

    final Records records;

    /** Whether there are older segments that stay. */
    final boolean hasOlder;

    /** Where the records were copied to; 0 for those that were not. */
    private final int[] copies;

    private Source(Segment segment, Records records, boolean hasOlder) {
        this.segment = segment;
        this.records = records;
        this.hasOlder = hasOlder;
        this.copies = new int[records.count()];
    }

    /**
     * Reads what is in a segment.
     *
     * @param all the segments of the log, ascending
     * @param going those that go, this one included
     * @throws IOException if that cannot be read
     */
    static Source of(Segment segment, List<Segment> all, List<Segment> going) throws IOException {
        Records records = segment.records();
        if (records.end != segment.end()) {
            throw new IOException("Segment '%s' is damaged".formatted(segment.path));
        }
        boolean hasOlder = false;
        for (Segment other : all) {
            hasOlder = hasOlder || (other.number() < segment.number() && !going.contains(other));
        }
        return new Source(segment, records, hasOlder);
    }

    long place(int i) {
        return Place.of(segment.slot, records.offset(i));
    }

    /** Whether this record leaves a tombstone if it is not copied, as long as its key has no entry elsewhere. */
    boolean hides(int i) {
        return hasOlder && records.hides(i);
    }

    /** What a record takes in another segment: itself, without a file it tells of, and what the footer says of it. */
    long cost(int i) {
        long next = i + 1 < records.count() ? records.offset(i + 1) : records.end;
        return next - records.offset(i) + Records.ENTRY;
    }

    void setCopy(int i, long offset) {
        copies[i] = (int) (offset / Long.BYTES);
    }

    /** Where the record is in the segment it was copied to; 0 if it was not. */
    long copy(int i) {
        return copies[i] * (long) Long.BYTES;
    }
}
