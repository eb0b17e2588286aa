package dev.larder.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
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

    /** Numbers for a record: an entry of the list in three parts, the last two fields in one. */
    private static final int NUMBERS = ENTRY / Long.BYTES;

    /** Read at a time, and small enough to stay in a processor's cache until the numbers are taken from it. */
    private static final int CHUNK = 128 * 1024;

    /** Not bytes: whoever recovers goes through millions of records before the access to bytes is compiled. */
    private long[] table;

    private int count;

    /** Where the records end. */
    long end;

    /** That of the last record; 0 if there is none. */
    long sequence;

    Records() {
        this(new long[64 * NUMBERS], 0);
    }

    private Records(long[] table, int count) {
        this.table = table;
        this.count = count;
    }

    int count() {
        return count;
    }

    void add(long hash, int kind, boolean replaces, long offset, int length, long keptUntil) {
        int at = count * NUMBERS;
        if (at == table.length) {
            table = Arrays.copyOf(table, 2 * table.length);
        }
        int what = (replaces ? REPLACES : 0) | kind << KIND_SHIFT | (int) (offset / Long.BYTES);
        table[at] = hash;
        table[at + 1] = keptUntil;
        table[at + 2] = (long) length << Integer.SIZE | Integer.toUnsignedLong(what);
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
        return table[index * NUMBERS];
    }

    long keptUntil(int index) {
        return table[index * NUMBERS + 1];
    }

    int kind(int index) {
        return what(index) >>> KIND_SHIFT & KIND_MASK;
    }

    /** Whether this record may hide an older one of the same hash. */
    boolean hides(int index) {
        return what(index) < 0 || kind(index) == RecordFormat.TOMBSTONE;
    }

    long offset(int index) {
        return (what(index) & OFFSET_MASK) * (long) Long.BYTES;
    }

    int length(int index) {
        return (int) (table[index * NUMBERS + 2] >>> Integer.SIZE);
    }

    /** The bytes of all tombstones. */
    long tombstones() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (kind(i) == RecordFormat.TOMBSTONE) {
                bytes += length(i);
            }
        }
        return bytes;
    }

    /** The bytes of all files that records tell of. */
    long files() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (kind(i) == RecordFormat.LARGE) {
                bytes += length(i) - bytes(i);
            }
        }
        return bytes;
    }

    /** The bytes of the segment that a record takes, without a file it tells of. */
    long bytes(int index) {
        return (index + 1 < count ? offset(index + 1) : end) - offset(index);
    }

    private int what(int index) {
        return (int) table[index * NUMBERS + 2];
    }

    /** Where the records of each partition of the index begin when they are sorted by it, and where they end. */
    int[] starts() {
        int[] starts = new int[Index.PARTITIONS + 1];
        for (int at = 0; at < count * NUMBERS; at += NUMBERS) {
            starts[Index.partition(table[at]) + 1]++;
        }
        for (int i = 0; i < Index.PARTITIONS; i++) {
            starts[i + 1] += starts[i];
        }
        return starts;
    }

    /** The same records by partition, those of a partition in their order. Whoever goes through a partition waits less for memory. */
    Records sorted(int[] starts) {
        int[] next = starts.clone();
        long[] sorted = new long[count * NUMBERS];
        for (int at = 0; at < sorted.length; at += NUMBERS) {
            int to = next[Index.partition(table[at])]++ * NUMBERS;
            sorted[to] = table[at];
            sorted[to + 1] = table[at + 1];
            sorted[to + 2] = table[at + 2];
        }
        return new Records(sorted, count);
    }

    /** Adds a record that stands at this offset of a segment and begins these bytes. */
    void add(byte[] bytes, int at, int kind, long offset) {
        long length = RecordFormat.length(bytes, at);
        if (kind == RecordFormat.LARGE) {
            length += LargeFormat.length(bytes, at);
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
        byte[] footer = new byte[at + TRAILER];
        numbers(footer, at).put(table, 0, count * NUMBERS);
        Bytes.putLong(footer, at, MAGIC);
        Bytes.putLong(footer, at + 8, end);
        Bytes.putLong(footer, at + 16, sequence);
        Bytes.putInt(footer, at + 24, count);
        CRC32C checksum = new CRC32C();
        checksum.update(footer, 0, footer.length - Integer.BYTES);
        Bytes.putInt(footer, at + 28, (int) checksum.getValue() ^ SegmentHeader.binding(seed, end));
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
        CRC32C checksum = new CRC32C();
        long[] table = new long[count * NUMBERS];
        if (!read(file, end, table, checksum)) {
            return null;
        }
        checksum.update(trailer, 0, TRAILER - Integer.BYTES);
        if (Bytes.getInt(trailer, 28) != ((int) checksum.getValue() ^ SegmentHeader.binding(seed, end))) {
            return null;
        }
        Records records = new Records(table, count);
        records.end = end;
        records.sequence = Bytes.getLong(trailer, 16);
        return records;
    }

    private static boolean read(SteadyFile file, long from, long[] table, CRC32C checksum) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK / Long.BYTES, table.length) * Long.BYTES];
        int done = 0;
        while (done < table.length) {
            int length = Math.min(chunk.length / Long.BYTES, table.length - done) * Long.BYTES;
            if (file.read(chunk, 0, length, from + (long) done * Long.BYTES) < length) {
                return false;
            }
            checksum.update(chunk, 0, length);
            numbers(chunk, length).get(table, done, length / Long.BYTES);
            done += length / Long.BYTES;
        }
        return true;
    }

    private static LongBuffer numbers(byte[] bytes, int length) {
        return ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }
}
