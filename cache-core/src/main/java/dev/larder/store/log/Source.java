package dev.larder.store.log;

import java.io.IOException;

/**
 * A segment that is about to go, what is in it, and where that was copied to. For one thread.
 */
final class Source {

    final Segment segment;

    final Records records;

    /** How often an entry must have been used to stay. */
    final int least;

    /** Whether it is a segment whose entries were not rewritten before, in a queue of their own. */
    final boolean isYoung;

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

    long place(int i) {
        return Place.of(segment.slot, records.offset(i));
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
