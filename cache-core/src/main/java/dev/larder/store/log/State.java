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
 * What a log consists of, in its file {@code state}. It is the authority: a segment that is not listed is none. Replaced as a whole by a
 * rename before a segment is written to, and before one is deleted that is not the oldest.
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
 * 64           their numbers, ascending, 8 bytes each
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

    /** More than any store has: what claims to be longer is not read. */
    private static final long MAX_LENGTH = NUMBERS_AT + 8L * Place.MAX_SEGMENTS + 4;

    byte[] encode() {
        byte[] bytes = new byte[NUMBERS_AT + Long.BYTES * segments.size() + 4];
        Bytes.putLong(bytes, 0, MAGIC);
        Bytes.putLong(bytes, 8, store);
        Bytes.putLong(bytes, 16, epoch);
        Bytes.putLong(bytes, 24, next);
        Bytes.putLong(bytes, 32, time);
        Bytes.putLong(bytes, 40, boot);
        Bytes.putLong(bytes, 48, synced);
        Bytes.putInt(bytes, 56, layout);
        Bytes.putInt(bytes, 60, segments.size());
        for (int i = 0; i < segments.size(); i++) {
            Bytes.putLong(bytes, NUMBERS_AT + Long.BYTES * i, segments.get(i));
        }
        Bytes.putInt(bytes, bytes.length - 4, checksum(bytes));
        return bytes;
    }

    static @Nullable State decode(byte[] bytes) {
        if (bytes.length < NUMBERS_AT + 4
                || Bytes.getLong(bytes, 0) != MAGIC
                || Bytes.getInt(bytes, 60) != (bytes.length - NUMBERS_AT - 4) / Long.BYTES
                || Bytes.getInt(bytes, bytes.length - 4) != checksum(bytes)) {
            return null;
        }
        int count = Bytes.getInt(bytes, 60);
        List<Long> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(Bytes.getLong(bytes, NUMBERS_AT + Long.BYTES * i));
        }
        return new State(
                Bytes.getLong(bytes, 8),
                Bytes.getLong(bytes, 16),
                Bytes.getLong(bytes, 24),
                Bytes.getLong(bytes, 32),
                Bytes.getLong(bytes, 40),
                Bytes.getLong(bytes, 48),
                Bytes.getInt(bytes, 56),
                segments);
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
        Path temporary = directory.resolve(TEMPORARY);
        Files.deleteIfExists(temporary);
        byte[] bytes = encode();
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
