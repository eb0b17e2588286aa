package dev.larder.store.log;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Reads the record of a key into a {@link Scratch}, and looks at what it read: whether it is of this key, and as it was written. Somebody
 * else keeps the segment open meanwhile.
 */
final class RecordReader {

    /**
     * Shorter records are copied at once. Not longer: the index knows only up to here how long a record is to the byte, and whoever
     * copies more than the record may run into where the file was cut, though the record is whole.
     */
    private static final int AHEAD = 4096;

    private RecordReader() {}

    /** Reads the record at this offset; with its value if {@code whole}, and then its checksum is checked. */
    static Outcome read(Reader from, Segment segment, Scratch scratch, long offset, boolean whole) throws IOException {
        scratch.forgetValue();
        int head = RecordFormat.HEADER + scratch.keyLength;
        int copied = whole ? Math.max(head, ahead(from, scratch, offset)) : head;
        scratch.reserveSeen(copied);
        byte[] seen = scratch.seen;
        if (!from.copy(offset, seen, 0, copied)) {
            return Outcome.DAMAGED;
        }
        int kind = RecordFormat.kind(seen, 0);
        if (RecordFormat.keyLength(seen, 0) != scratch.keyLength
                || (kind != RecordFormat.PUT && kind != RecordFormat.LARGE)
                || !scratch.isKeySeen()) {
            return RecordFormat.isHeader(seen, 0, segment.seed, offset) ? Outcome.OTHER_KEY : Outcome.DAMAGED;
        }
        if (!whole) {
            return RecordFormat.isHeader(seen, 0, segment.seed, offset) ? Outcome.FOUND : Outcome.DAMAGED;
        }
        return readValue(from, segment, scratch, offset, copied);
    }

    /**
     * How much to copy before the header says how long the record is. That the index says it as well saves a second wait for memory,
     * which takes longer than all the rest of a read.
     */
    private static int ahead(Reader from, Scratch scratch, long offset) {
        long length = Place.length(scratch.place);
        return length >= AHEAD ? 0 : (int) Math.min(length, from.length() - offset);
    }

    private static Outcome readValue(Reader from, Segment segment, Scratch scratch, long offset, int copied)
            throws IOException {
        int etag = RecordFormat.etagLength(scratch.seen, 0);
        int length = RecordFormat.valueLength(scratch.seen, 0);
        int at = RecordFormat.HEADER + scratch.keyLength + etag;
        if (length < 0 || offset + at + length > segment.header.capacity()) {
            return Outcome.DAMAGED;
        }
        CRC32C checksum = new CRC32C();
        byte[] apart = null;
        if (at + length <= copied) {
            RecordFormat.cover(checksum, scratch.seen, at + length);
        } else {
            apart = new byte[length];
            scratch.reserveSeen(at);
            if (!from.copy(offset + at - etag, scratch.seen, at - etag, etag)
                    || !from.copy(offset + at, apart, 0, length)) {
                return Outcome.DAMAGED;
            }
            RecordFormat.cover(checksum, scratch.seen, at);
            checksum.update(apart, 0, length);
        }
        if (!RecordFormat.isPayload(checksum, scratch.seen, 0, segment.seed, offset)) {
            return Outcome.DAMAGED;
        }
        scratch.value = apart;
        scratch.valueAt = apart == null ? at : 0;
        return Outcome.FOUND;
    }
}
