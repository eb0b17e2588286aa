package dev.larder.store.log;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How a value that is too large for a segment is on disk: in a file {@code large/SEGMENT-OFFSET.val}, named by the place of the first record
 * that told of it, or by some bytes behind that if another file had got the name before. It keeps the name when its record is moved.
 *
 * <pre>
 *  0  8 bytes  "LARDERV1"
 *  8  8 bytes  the store's id
 * 16  8 bytes  hash of the key                                          all little-endian
 * 24  8 bytes  length of the value
 * 32  4 bytes  CRC32C of the value
 * 36  4 bytes  CRC32C of the bytes before
 * 40           the value
 * </pre>
 *
 * <p>The value of the record, here called what it tells:
 *
 * <pre>
 *  0  8 bytes  length of the file
 *  8  4 bytes  CRC32C of the value
 * 12  4 bytes  offset in the name, in units of 8 bytes
 * 16  8 bytes  segment in the name
 * </pre>
 *
 * <p>All static, thread-safe.
 */
final class LargeFormat {

    /** The length of the value of a record that tells of a file. */
    static final int VALUE = 24;

    static final int HEADER = 40;

    /** How the names of files begin that are not whole yet. */
    static final String TEMPORARY = "tmp-";

    private static final long MAGIC = 0x315652454452414CL; // LARDERV1

    private static final String SUFFIX = ".val";

    private LargeFormat() {}

    static long fileLength(int value) {
        return HEADER + (long) value;
    }

    static byte[] header(long store, long hash, long length, int sum) {
        byte[] header = new byte[HEADER];
        Bytes.putLong(header, 0, MAGIC);
        Bytes.putLong(header, 8, store);
        Bytes.putLong(header, 16, hash);
        Bytes.putLong(header, 24, length);
        Bytes.putInt(header, 32, sum);
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, 36);
        Bytes.putInt(header, 36, (int) checksum.getValue());
        return header;
    }

    /** What a record tells of a file that has no name yet. */
    static byte[] told(long fileLength, int checksum) {
        byte[] told = new byte[VALUE];
        Bytes.putLong(told, 0, fileLength);
        Bytes.putInt(told, 8, checksum);
        return told;
    }

    static void setName(byte[] told, long segment, long offset) {
        Bytes.putInt(told, 12, (int) (offset / Long.BYTES));
        Bytes.putLong(told, 16, segment);
    }

    /** What a record tells that is one of a large value. */
    static byte[] told(byte[] record) {
        int value = RecordFormat.HEADER + RecordFormat.keyLength(record, 0) + RecordFormat.etagLength(record, 0);
        return Arrays.copyOfRange(record, value, value + VALUE);
    }

    /** The length of the file that a record tells of; 0 if it tells of none. */
    static long length(byte[] bytes, int at) {
        if (RecordFormat.valueLength(bytes, at) != VALUE) {
            return 0;
        }
        int value = at + RecordFormat.HEADER + RecordFormat.keyLength(bytes, at) + RecordFormat.etagLength(bytes, at);
        return Math.max(0, Bytes.getLong(bytes, value));
    }

    static long valueLength(byte[] told) {
        return Bytes.getLong(told, 0) - HEADER;
    }

    static int checksum(byte[] told) {
        return Bytes.getInt(told, 8);
    }

    static String name(byte[] told) {
        return Bytes.getLong(told, 16) + "-" + Bytes.getInt(told, 12) * (long) Long.BYTES + SUFFIX;
    }

    static boolean isOurs(String name) {
        return name.matches(TEMPORARY + "[0-9]{1,18}") || name.matches("[0-9]{1,18}-[0-9]{1,18}\\.val");
    }
}
