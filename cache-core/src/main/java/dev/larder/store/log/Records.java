package dev.larder.store.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What records a segment has, in their order, and the footer that says so at the end of a segment which is no longer written:
 *
 * <pre>
 *  for each record but START
 *     0  8 bytes  hash of the key
 *     8  8 bytes  kept until, in milliseconds since the epoch
 *    16  4 bytes  1 bit: there may be an older record of the hash; 3 bits: kind; 28 bits: offset in units of 8 bytes
 *    20  4 bytes  length in bytes, that of a file it tells of included
 *  trailer
 *     0  8 bytes  "LARDERF1"
 *     8  8 bytes  where the records end
 *    16  8 bytes  sequence of the last record                          all little-endian
 *    24  4 bytes  number of records in this list
 *    28  4 bytes  CRC32C of the list and the trailer before, bound to where the records end
 * </pre>
 *
 * <p>A footer is a shortcut: without it the same list is found by a {@link Walk}. Not thread-safe.
 */
final class Records {

    static final int ENTRY = 24;

    static final int TRAILER = 32;

    private static final long MAGIC = 0x314652454452414CL; // LARDERF1

    private static final int KIND_SHIFT = 28;

    private static final int KIND_MASK = 7;

    private static final int REPLACES = 1 << 31;

    private static final int OFFSET_MASK = (1 << KIND_SHIFT) - 1;

    private byte[] table;

    private int count;

    /** Where the records end. */
    long end;

    /** That of the last record; 0 if there is none. */
    long sequence;

    Records() {
        this(new byte[64 * ENTRY], 0);
    }

    private Records(byte[] table, int count) {
        this.table = table;
        this.count = count;
    }

    int count() {
        return count;
    }

    void add(long hash, int kind, boolean replaces, long offset, int length, long keptUntil) {
        int at = count * ENTRY;
        if (at == table.length) {
            table = Arrays.copyOf(table, 2 * table.length);
        }
        Bytes.putLong(table, at, hash);
        Bytes.putLong(table, at + 8, keptUntil);
        Bytes.putInt(table, at + 16, (replaces ? REPLACES : 0) | kind << KIND_SHIFT | (int) (offset / Long.BYTES));
        Bytes.putInt(table, at + 20, length);
        count++;
    }

    /** Forgets the records from this offset on. */
    void cut(long offset) {
        while (count > 0 && offset(count - 1) >= offset) {
            count--;
        }
        end = offset;
    }

    long hash(int index) {
        return Bytes.getLong(table, index * ENTRY);
    }

    long keptUntil(int index) {
        return Bytes.getLong(table, index * ENTRY + 8);
    }

    int kind(int index) {
        return Bytes.getInt(table, index * ENTRY + 16) >>> KIND_SHIFT & KIND_MASK;
    }

    /** Whether this record may hide an older one of the same hash. */
    boolean hides(int index) {
        return Bytes.getInt(table, index * ENTRY + 16) < 0 || kind(index) == RecordFormat.TOMBSTONE;
    }

    long offset(int index) {
        return (Bytes.getInt(table, index * ENTRY + 16) & OFFSET_MASK) * (long) Long.BYTES;
    }

    int length(int index) {
        return Bytes.getInt(table, index * ENTRY + 20);
    }

    /** Adds a record that stands at this offset of a segment and begins these bytes. */
    void add(byte[] bytes, int at, int kind, long offset) {
        long length = RecordFormat.length(bytes, at);
        if (kind == RecordFormat.LARGE) {
            length += LargeFiles.length(bytes, at);
        }
        add(
                RecordFormat.hash(bytes, at),
                kind,
                RecordFormat.replaces(bytes, at),
                offset,
                (int) Math.min(length, Integer.MAX_VALUE),
                RecordFormat.keptUntil(bytes, at));
    }

    /** How long a footer for so many records is. */
    static long footerLength(long count) {
        return count * ENTRY + TRAILER;
    }

    byte[] footer(long seed) {
        int at = count * ENTRY;
        byte[] footer = Arrays.copyOf(table, at + TRAILER);
        Bytes.putLong(footer, at, MAGIC);
        Bytes.putLong(footer, at + 8, end);
        Bytes.putLong(footer, at + 16, sequence);
        Bytes.putInt(footer, at + 24, count);
        Bytes.putInt(footer, at + 28, checksum(footer, seed, end));
        return footer;
    }

    /** What the footer of a file says, or null if it has none that is whole. */
    static @Nullable Records read(SteadyFile file, long seed) throws IOException {
        long length = file.length();
        byte[] trailer = new byte[TRAILER];
        if (length < SegmentHeader.LENGTH + TRAILER
                || file.read(trailer, 0, TRAILER, length - TRAILER) < TRAILER
                || Bytes.getLong(trailer, 0) != MAGIC) {
            return null;
        }
        long end = Bytes.getLong(trailer, 8);
        int count = Bytes.getInt(trailer, 24);
        if (count < 0 || end < 0 || end + footerLength(count) != length) {
            return null;
        }
        byte[] footer = new byte[(int) (length - end)];
        if (file.read(footer, 0, footer.length, end) < footer.length
                || Bytes.getInt(footer, footer.length - 4) != checksum(footer, seed, end)) {
            return null;
        }
        Records records = new Records(footer, count);
        records.end = end;
        records.sequence = Bytes.getLong(trailer, 16);
        return records;
    }

    private static int checksum(byte[] footer, long seed, long end) {
        CRC32C checksum = new CRC32C();
        checksum.update(footer, 0, footer.length - 4);
        return (int) checksum.getValue() ^ SegmentHeader.binding(seed, end);
    }
}
