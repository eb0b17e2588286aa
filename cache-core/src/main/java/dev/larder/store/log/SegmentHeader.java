package dev.larder.store.log;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a segment begins: whose it is, and what its checksums are bound to.
 *
 * <pre>
 *  0  8 bytes  "LARDERS1"
 *  8  8 bytes  the store's id
 * 16  8 bytes  the number of the segment, which no other segment of the store ever has
 * 24  8 bytes  salt: a random number
 * 32  8 bytes  epoch: how often the store was cleared before          all little-endian
 * 40  8 bytes  when it was made, in milliseconds since the epoch of 1970
 * 48  8 bytes  the length of the file until it has a footer: a shorter one without was cut
 * 56  4 bytes  CRC32C of the bytes before
 * 60  4 bytes  zero
 * </pre>
 *
 * <p>Each checksum of a record is changed by a number that depends on id, number, salt and the record's offset ({@link
 * #binding}). So a record is one only where it was written: not as a part of a value, nor in a file that was copied, nor in
 * blocks of a disk that an earlier file had.
 */
record SegmentHeader(long store, long number, long salt, long epoch, long created, long capacity) {

    /** The first record begins here. A multiple of 8, as every offset of a record. */
    static final int LENGTH = 64;

    private static final long MAGIC = 0x315352454452414CL; // LARDERS1

    private static final int CHECKSUM_AT = 56;

    byte[] encode() {
        byte[] bytes = new byte[LENGTH];
        Bytes.putLong(bytes, 0, MAGIC);
        Bytes.putLong(bytes, 8, store);
        Bytes.putLong(bytes, 16, number);
        Bytes.putLong(bytes, 24, salt);
        Bytes.putLong(bytes, 32, epoch);
        Bytes.putLong(bytes, 40, created);
        Bytes.putLong(bytes, 48, capacity);
        Bytes.putInt(bytes, CHECKSUM_AT, checksum(bytes));
        return bytes;
    }

    /** The header that these bytes are, or null if they are none. */
    static @Nullable SegmentHeader decode(byte[] bytes) {
        if (bytes.length < LENGTH
                || Bytes.getLong(bytes, 0) != MAGIC
                || Bytes.getInt(bytes, CHECKSUM_AT) != checksum(bytes)) {
            return null;
        }
        return new SegmentHeader(
                Bytes.getLong(bytes, 8),
                Bytes.getLong(bytes, 16),
                Bytes.getLong(bytes, 24),
                Bytes.getLong(bytes, 32),
                Bytes.getLong(bytes, 40),
                Bytes.getLong(bytes, 48));
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, CHECKSUM_AT);
        return (int) checksum.getValue();
    }

    /** What the checksums in this segment depend on besides their offset. */
    long seed() {
        return mix(mix(mix(store) ^ number) ^ salt);
    }

    /** What to change a checksum by that stands at this offset of a segment with this seed. */
    static int binding(long seed, long offset) {
        return (int) mix(seed + offset);
    }

    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
