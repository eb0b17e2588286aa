package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a log consists of, in its file {@code state}. It is the authority: a segment that is not listed is none. Written before a segment is
 * written to, and before one is deleted that is not the oldest.
 *
 * <p>A state that a loss of power may take is written in the place of the one before if both fit into a sector: neither the system nor the
 * disk leaves a part of that. Otherwise the file is replaced by one that is on disk, which takes as long as the disk does.
 *
 * <pre>
 *  0  8 bytes  "LARDERL1"
 *  8  8 bytes  the store's id: a random number, also the seed of its hashes
 * 16  8 bytes  epoch: how often the store was cleared
 * 24  8 bytes  the number of the next segment
 * 32  8 bytes  the latest time that the store was told, in milliseconds since the epoch of 1970
 * 40  8 bytes  what tells this run of the machine from others; 0 where the system does not say
 * 48  8 bytes  segments up to this number were synced as a whole
 * 56  4 bytes  hash of the layout: the number of shards and the codec     all little-endian
 * 60  4 bytes  number of segments
 * 64           their numbers, ascending, each as its distance from the one before: 7 bits a byte, lowest first, 128 added if more follow
 *              zeros up to 4 bytes before the end of a sector of 512 bytes
 *     4 bytes  CRC32C of all before
 * </pre>
 *
 * <p>A store whose state is missing, damaged or of another layout starts empty.
 *
 * @param segments the numbers of the segments, ascending
 */
record State(long store, long epoch, long next, long time, long boot, long synced, int layout, List<Long> segments) {

    private static final String NAME = "state";

    private static final String TEMPORARY = "state.tmp";

    private static final long MAGIC = 0x314C52454452414CL; // LARDERL1

    private static final int NUMBERS_AT = 64;

    /** What disks write as a whole. */
    private static final int SECTOR = 512;

    /** Of a number of 63 bits. */
    private static final int MAX_BYTES = 9;

    /** More than any store has: what claims to be longer is not read. */
    private static final long MAX_LENGTH = padded(NUMBERS_AT + MAX_BYTES * Place.MAX_SEGMENTS);

    private static int padded(int length) {
        return (length + 4 + SECTOR - 1) / SECTOR * SECTOR;
    }

    /**
     * The same with numbers that no segment had yet: a loss of power may have left an older state, or files that had been deleted, and
     * none of these must ever pass for one that is made from now on.
     *
     * @param last the largest of which it is known that one had it
     */
    State goOnBehind(long last) {
        return new State(store, epoch, (last / Log.STEP + 2) * Log.STEP, time, boot, synced, layout, segments);
    }

    byte[] encode() {
        byte[] numbers = new byte[MAX_BYTES * segments.size()];
        int length = 0;
        long before = 0;
        for (long number : segments) {
            long more = number - before;
            for (; more >= 0x80; more >>>= 7) {
                numbers[length++] = (byte) (more | 0x80);
            }
            numbers[length++] = (byte) more;
            before = number;
        }
        byte[] bytes = new byte[padded(NUMBERS_AT + length)];
        Bytes.putLong(bytes, 0, MAGIC);
        Bytes.putLong(bytes, 8, store);
        Bytes.putLong(bytes, 16, epoch);
        Bytes.putLong(bytes, 24, next);
        Bytes.putLong(bytes, 32, time);
        Bytes.putLong(bytes, 40, boot);
        Bytes.putLong(bytes, 48, synced);
        Bytes.putInt(bytes, 56, layout);
        Bytes.putInt(bytes, 60, segments.size());
        System.arraycopy(numbers, 0, bytes, NUMBERS_AT, length);
        Bytes.putInt(bytes, bytes.length - 4, checksum(bytes));
        return bytes;
    }

    static @Nullable State decode(byte[] bytes) {
        if (bytes.length < SECTOR
                || bytes.length % SECTOR != 0
                || Bytes.getLong(bytes, 0) != MAGIC
                || Bytes.getInt(bytes, bytes.length - 4) != checksum(bytes)) {
            return null;
        }
        return new State(
                Bytes.getLong(bytes, 8),
                Bytes.getLong(bytes, 16),
                Bytes.getLong(bytes, 24),
                Bytes.getLong(bytes, 32),
                Bytes.getLong(bytes, 40),
                Bytes.getLong(bytes, 48),
                Bytes.getInt(bytes, 56),
                decodeNumbers(bytes));
    }

    /** The checksum has vouched for all of this. */
    private static List<Long> decodeNumbers(byte[] bytes) {
        int count = Bytes.getInt(bytes, 60);
        List<Long> numbers = new ArrayList<>(count);
        int at = NUMBERS_AT;
        long number = 0;
        for (int i = 0; i < count; i++) {
            int shift = 0;
            for (; bytes[at] < 0; at++, shift += 7) {
                number += (bytes[at] & 0x7FL) << shift;
            }
            number += (long) bytes[at++] << shift;
            numbers.add(number);
        }
        return numbers;
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        return (int) checksum.getValue();
    }

    static Path path(Path directory) {
        return directory.resolve(NAME);
    }

    /** Moves directories aside that are where the state should be. */
    static void makeWay(Path directory) throws IOException {
        Directories.makeWayForFile(directory.resolve(NAME));
        Directories.makeWayForFile(directory.resolve(TEMPORARY));
    }

    /**
     * The state of the log in a directory, or null if it has none.
     *
     * @throws IOException if it cannot be read
     */
    static @Nullable State read(Path directory) throws IOException {
        try (SteadyFile file = SteadyFile.read(directory.resolve(NAME))) {
            long length = file.length();
            if (length > MAX_LENGTH) {
                return null;
            }
            byte[] bytes = new byte[(int) length];
            return file.read(bytes, 0, bytes.length, 0) == bytes.length ? decode(bytes) : null;
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    /**
     * Replaces the state. Whatever happens, one of the two is whole: without any, the store would be empty.
     *
     * @param durable whether it is this one that a loss of power leaves when this returns
     */
    void write(Path directory, boolean durable) throws IOException {
        byte[] bytes = encode();
        if (durable || bytes.length > SECTOR || !overwrite(directory.resolve(NAME), bytes)) {
            replace(directory, bytes, durable);
        }
    }

    private static boolean overwrite(Path path, byte[] bytes) {
        try (SteadyFile file = SteadyFile.write(path)) {
            if (file.length() != bytes.length) {
                return false;
            }
            file.write(bytes, 0, bytes.length, 0);
            return true;
        } catch (IOException ex) {
            return false; // there is none, or it has to be another file now
        }
    }

    private static void replace(Path directory, byte[] bytes, boolean durable) throws IOException {
        Path temporary = directory.resolve(TEMPORARY);
        Files.deleteIfExists(temporary);
        try (SteadyFile file = SteadyFile.create(temporary)) {
            file.write(bytes, 0, bytes.length, 0);
            file.force();
        }
        Files.move(
                temporary,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (durable) {
            Directories.forceWithName(directory);
        }
    }

    /** Makes the log one that starts empty. */
    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(NAME));
    }
}
