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

    /** How often an entry must have been used to stay. */
    final int least;

    /** Whether it is a segment whose entries were not rewritten before, in a queue of their own. */
    final boolean isYoung;

    /** Whether there are older segments that stay. */
    private boolean hasOlder;

    /** Where the records were copied to; 0 for those that were not. */
    private final int[] copies;

    private Source(Segment segment, Records records, int least, boolean isYoung) {
        this.segment = segment;
        this.records = records;
        this.least = least;
        this.isYoung = isYoung;
        this.copies = new int[records.count()];
    }

    /**
     * Reads what is in a segment.
     *
     * @throws IOException if that cannot be read
     */
    static Source of(Segment segment, int least, boolean isYoung) throws IOException {
        Records records = segment.records();
        if (records.end != segment.end()) {
            throw new IOException("Segment '%s' is damaged".formatted(segment.path));
        }
        return new Source(segment, records, least, isYoung);
    }

    /**
     * Finds out whether records may hide others.
     *
     * @param all the segments of the log
     * @param going those that go together, this one included
     */
    void compare(List<Segment> all, List<Source> going) {
        hasOlder = false;
        for (Segment other : all) {
            hasOlder = hasOlder
                    || (other.number() < segment.number()
                            && going.stream().noneMatch(source -> source.segment == other));
        }
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
        return records.bytes(i) + Records.ENTRY;
    }

    void setCopy(int i, long offset) {
        copies[i] = (int) (offset / Long.BYTES);
    }

    /** How often an entry counts as used after it has stayed: what is old stays for a round for each use. */
    int usesAfter(int uses) {
        if (least == 0) {
            return uses;
        }
        return isYoung ? 0 : Math.max(0, uses - 1);
    }

    /** Where the record is in the segment it was copied to; 0 if it was not. */
    long copy(int i) {
        return copies[i] * (long) Long.BYTES;
    }
}
