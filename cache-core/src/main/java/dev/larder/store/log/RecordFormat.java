package dev.larder.store.log;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What a segment is a sequence of. Each record begins at a multiple of 8 bytes, right after the one before:
 *
 * <pre>
 *  0  4 bytes  payload checksum: CRC32C of bytes 4 to the end of the value, bound to the place
 *  4  4 bytes  header checksum: CRC32C of bytes 8 to 56, bound to the place
 *  8  8 bytes  hash of the key
 * 16  8 bytes  sequence: one more than that of the record before
 * 24  8 bytes  fresh until, in milliseconds since the epoch; START: the number of the segment before
 * 32  8 bytes  kept until; START: where the records of the segment before end
 * 40  4 bytes  length of the key                                       all little-endian
 * 44  4 bytes  length of the value
 * 48  2 bytes  length of the etag
 * 50  1 byte   kind: 1 PUT, 2 TOMBSTONE, 3 LARGE (the value tells of a file, see {@link LargeFormat}), 4 START
 * 51  1 byte   flags: 1 key in UTF-16 (else Latin-1), 2 with etag, 4 etag in UTF-16, 8 there may be an older record of its hash
 * 52  4 bytes  up to where this segment was synced when this was written, in units of 8 bytes
 * 56           key, etag, value
 *              1 to 8 bytes of padding, each 255: a record that ends in zeros was not written to its end
 * </pre>
 *
 * <p>Bound to the place: see {@link SegmentHeader#binding}. The payload checksum covers everything but itself, so that a reader
 * needs only this one; the header checksum lets recovery find the next record even if the payload is damaged. A START is the first
 * record of each segment. A tombstone has no key: the hash is what it buries.
 *
 * <p>All static, thread-safe.
 */
final class RecordFormat {

    static final int HEADER = 56;

    static final int PUT = 1;

    static final int TOMBSTONE = 2;

    static final int LARGE = 3;

    static final int START = 4;

    /** The length of a record without key and value: a tombstone, or a START. */
    static final int EMPTY = (int) length(0, 0, 0);

    static final int KEY_UTF16 = 1;

    static final int WITH_ETAG = 2;

    static final int ETAG_UTF16 = 4;

    /** There may be an older record of the same hash that must not come back when this one goes. */
    static final int REPLACES = 8;

    static final int MAX_ETAG = 0xFFFF;

    private static final int ALIGNMENT = Long.BYTES;

    /** Where the bytes that the payload checksum covers begin. */
    private static final int COVERED = 4;

    private static final int HEADER_COVERED = 8;

    private RecordFormat() {}

    /** The length of a record with padding. */
    static long length(long key, long etag, long value) {
        return HEADER + key + etag + value + ALIGNMENT & -ALIGNMENT;
    }

    static long length(byte[] bytes, int at) {
        return length(keyLength(bytes, at), etagLength(bytes, at), valueLength(bytes, at));
    }

    /** A record that says that a key has no entry, to be {@linkplain #finish finished}. */
    static byte[] tombstone(long hash) {
        byte[] record = new byte[EMPTY];
        describe(record, TOMBSTONE, 0, hash, 0, 0, 0, 0, 0);
        return record;
    }

    /** The first record of a segment, to be {@linkplain #finish finished}; zeros if there is no segment before. */
    static byte[] start(long numberBefore, long endBefore) {
        byte[] record = new byte[EMPTY];
        describe(record, START, 0, 0, numberBefore, endBefore, 0, 0, 0);
        return record;
    }

    /** Fills in what a caller knows; the place, and with it {@link #finish}, comes later. */
    static void describe(
            byte[] bytes,
            int kind,
            int flags,
            long hash,
            long freshUntil,
            long keptUntil,
            int key,
            int etag,
            int value) {
        Bytes.putLong(bytes, 8, hash);
        setLife(bytes, freshUntil, keptUntil);
        Bytes.putInt(bytes, 40, key);
        Bytes.putInt(bytes, 44, value);
        bytes[48] = (byte) etag;
        bytes[49] = (byte) (etag >>> 8);
        bytes[50] = (byte) kind;
        bytes[51] = (byte) flags;
    }

    /** Makes a record whole that begins these bytes and is going to stand at this offset. */
    static void finish(byte[] bytes, long seed, long offset, long sequence, long synced) {
        Bytes.putLong(bytes, 16, sequence);
        Bytes.putInt(bytes, 52, (int) (synced / ALIGNMENT));
        int binding = SegmentHeader.binding(seed, offset);
        Bytes.putInt(bytes, 4, headerChecksum(bytes, 0) ^ binding);
        int end = HEADER + keyLength(bytes, 0) + etagLength(bytes, 0) + valueLength(bytes, 0);
        Arrays.fill(bytes, end, (int) length(bytes, 0), (byte) 0xFF);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, COVERED, end - COVERED);
        Bytes.putInt(bytes, 0, (int) checksum.getValue() ^ binding);
    }

    private static int headerChecksum(byte[] bytes, int at) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, at + HEADER_COVERED, HEADER - HEADER_COVERED);
        return (int) checksum.getValue();
    }

    /** Whether there is the header of a record that was written to this offset. */
    static boolean isHeader(byte[] bytes, int at, long seed, long offset) {
        return Bytes.getInt(bytes, at + 4) == (headerChecksum(bytes, at) ^ SegmentHeader.binding(seed, offset));
    }

    /** Whether a whole record with its header is as it was written to this offset. */
    static boolean isIntact(byte[] bytes, int at, long seed, long offset) {
        int covered = HEADER + keyLength(bytes, at) + etagLength(bytes, at) + valueLength(bytes, at) - COVERED;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, at + COVERED, covered);
        return isPayload(checksum, bytes, at, seed, offset);
    }

    /** Whether the checksum of the covered bytes is the one in the header. */
    static boolean isPayload(CRC32C covered, byte[] bytes, int at, long seed, long offset) {
        return Bytes.getInt(bytes, at) == ((int) covered.getValue() ^ SegmentHeader.binding(seed, offset));
    }

    /** Adds what the payload checksum covers to a checksum, of a record that begins these bytes, up to this one. */
    static void cover(CRC32C checksum, byte[] bytes, int end) {
        checksum.update(bytes, COVERED, end - COVERED);
    }

    static long hash(byte[] bytes, int at) {
        return Bytes.getLong(bytes, at + 8);
    }

    static long sequence(byte[] bytes, int at) {
        return Bytes.getLong(bytes, at + 16);
    }

    static long freshUntil(byte[] bytes, int at) {
        return Bytes.getLong(bytes, at + 24);
    }

    static long keptUntil(byte[] bytes, int at) {
        return Bytes.getLong(bytes, at + 32);
    }

    static int keyLength(byte[] bytes, int at) {
        return Bytes.getInt(bytes, at + 40);
    }

    static int valueLength(byte[] bytes, int at) {
        return Bytes.getInt(bytes, at + 44);
    }

    static int etagLength(byte[] bytes, int at) {
        return (bytes[at + 48] & 0xFF) | ((bytes[at + 49] & 0xFF) << 8);
    }

    static int kind(byte[] bytes, int at) {
        return bytes[at + 50];
    }

    static int flags(byte[] bytes, int at) {
        return bytes[at + 51];
    }

    static boolean replaces(byte[] bytes, int at) {
        return (flags(bytes, at) & REPLACES) != 0;
    }

    /** Says whether there may be an older record; before {@link #finish}. */
    static void setReplaces(byte[] bytes, boolean replaces) {
        bytes[51] = (byte) (replaces ? bytes[51] | REPLACES : bytes[51] & ~REPLACES);
    }

    /** Says how long the entry lives; before {@link #finish}. */
    static void setLife(byte[] bytes, long freshUntil, long keptUntil) {
        Bytes.putLong(bytes, 24, freshUntil);
        Bytes.putLong(bytes, 32, keptUntil);
    }

    /** Up to where the segment was synced before this record was written. */
    static long synced(byte[] bytes, int at) {
        return Bytes.getInt(bytes, at + 52) * (long) ALIGNMENT;
    }
}
