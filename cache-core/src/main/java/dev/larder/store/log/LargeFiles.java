package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The values that are too large for a segment, each in a file {@code large/SEGMENT-OFFSET.val}, named by the place of the record
 * that tells of it:
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
 * <p>The record's value is the length of the file (8 bytes) and the checksum of the value (4 bytes). A file is written under
 * another name and renamed before its record is written, so one without a record is left over, and deleted.
 *
 * <p>Thread-safe.
 */
final class LargeFiles {

    /** The length of the value of a record that tells of a file. */
    static final int VALUE = 12;

    private static final int HEADER = 40;

    private static final long MAGIC = 0x315652454452414CL; // LARDERV1

    private static final String SUFFIX = ".val";

    private static final String TEMPORARY = "tmp-";

    private final Path directory;

    private final long store;

    /** The length of each file, by the place of its record. */
    private final Map<Long, Long> lengths = new ConcurrentHashMap<>();

    private final AtomicLong bytes = new AtomicLong();

    private final AtomicLong temporaries = new AtomicLong();

    LargeFiles(Path directory, long store) {
        this.directory = directory;
        this.store = store;
    }

    /** A file that is written, but has no record yet. For one thread. */
    static final class Staged {

        private final Path path;

        final long length;

        private final int checksum;

        private boolean committed;

        private Staged(Path path, long length, int checksum) {
            this.path = path;
            this.length = length;
            this.checksum = checksum;
        }

        /** The value of the record that is going to tell of it. */
        byte[] value() {
            byte[] value = new byte[VALUE];
            Bytes.putLong(value, 0, length);
            Bytes.putInt(value, 8, checksum);
            return value;
        }
    }

    /** The length of the file that a record tells of; 0 if it tells of none. */
    static long length(byte[] bytes, int at) {
        if (RecordFormat.valueLength(bytes, at) != VALUE) {
            return 0;
        }
        int value = at + RecordFormat.HEADER + RecordFormat.keyLength(bytes, at) + RecordFormat.etagLength(bytes, at);
        return Math.max(0, Bytes.getLong(bytes, value));
    }

    static long fileLength(int value) {
        return HEADER + (long) value;
    }

    long bytes() {
        return bytes.get();
    }

    Staged stage(long hash, byte[] value, boolean durable) throws IOException {
        Directories.create(directory);
        CRC32C checksum = new CRC32C();
        checksum.update(value, 0, value.length);
        int sum = (int) checksum.getValue();
        Path path = directory.resolve(TEMPORARY + temporaries.incrementAndGet());
        Files.deleteIfExists(path);
        try (SteadyFile file = SteadyFile.create(path)) {
            file.write(header(hash, value.length, sum), 0, HEADER, 0);
            file.write(value, 0, value.length, HEADER);
            if (durable) {
                file.force();
            }
        } catch (IOException | RuntimeException ex) {
            Files.deleteIfExists(path);
            throw ex;
        }
        Staged staged = new Staged(path, HEADER + (long) value.length, sum);
        bytes.addAndGet(staged.length);
        return staged;
    }

    private byte[] header(long hash, long length, int sum) {
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

    /** Gives a file its name, for a record that is about to be written. */
    void commit(Staged staged, Segment segment, long offset, boolean durable) throws IOException {
        move(staged.path, path(segment.number(), offset));
        staged.committed = true;
        lengths.put(Place.of(segment.slot, offset), staged.length);
        if (durable) {
            Directories.force(directory);
        }
    }

    /** Takes the name away again, because the record could not be written. */
    void revoke(Staged staged, Segment segment, long offset) throws IOException {
        lengths.remove(Place.of(segment.slot, offset));
        staged.committed = false;
        move(path(segment.number(), offset), staged.path);
    }

    /** Deletes a file that has not got its name. */
    void discard(Staged staged) {
        if (staged.committed) {
            return;
        }
        bytes.addAndGet(-staged.length);
        try {
            Files.deleteIfExists(staged.path);
        } catch (IOException ex) {
            // Left over, and deleted when the store is opened the next time.
        }
    }

    /** Gives a file the name that goes with another place of its record. */
    void rename(Segment from, long offset, long place, Segment to, long newOffset, long newPlace) throws IOException {
        move(path(from.number(), offset), path(to.number(), newOffset));
        Long length = lengths.remove(id(place));
        lengths.put(id(newPlace), length == null ? 0 : length);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads the value that a record tells of.
     *
     * @param told the value of the record
     * @return null if the file is not there, or not as it was written
     */
    byte @Nullable [] read(long segment, long offset, long hash, byte[] told) throws IOException {
        if (told.length != VALUE) {
            return null;
        }
        try (SteadyFile file = SteadyFile.read(path(segment, offset))) {
            long length = file.length();
            if (length != Bytes.getLong(told, 0) || length < HEADER || length - HEADER > Integer.MAX_VALUE - 8) {
                return null;
            }
            byte[] header = new byte[HEADER];
            byte[] value = new byte[(int) (length - HEADER)];
            int sum = Bytes.getInt(told, 8);
            if (file.read(header, 0, HEADER, 0) < HEADER
                    || !java.util.Arrays.equals(header, header(hash, value.length, sum))
                    || file.read(value, 0, value.length, HEADER) < value.length) {
                return null;
            }
            CRC32C checksum = new CRC32C();
            checksum.update(value, 0, value.length);
            return (int) checksum.getValue() == sum ? value : null;
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    /** Whether the record in this place tells of a file. */
    boolean has(long place) {
        return !lengths.isEmpty() && lengths.containsKey(id(place));
    }

    /** Deletes the file that the record in this place tells of, if it does. */
    void delete(Segment segment, long place) throws IOException {
        if (lengths.isEmpty()) {
            return;
        }
        Long length = lengths.remove(id(place));
        if (length != null) {
            bytes.addAndGet(-length);
            Files.deleteIfExists(path(segment.number(), Place.offset(place)));
        }
    }

    /** Notes a file that an earlier process wrote, and returns whether it is there. */
    boolean adopt(long segment, long offset, long place) throws IOException {
        Path path = path(segment, offset);
        if (!Files.exists(path)) {
            return false;
        }
        long length = Files.size(path);
        lengths.put(id(place), length);
        bytes.addAndGet(length);
        return true;
    }

    /** Deletes the files that were found when the store was opened and of which no record tells. */
    void deleteUnknown(Set<String> known) throws IOException {
        for (Path path : Directories.list(directory)) {
            String name = Directories.name(path);
            if (isOurs(name) && !known.contains(name)) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Deletes the files that records of segments before this number told of. */
    void deleteBefore(long number, Failures failures) {
        try {
            for (Path path : Directories.list(directory)) {
                String name = Directories.name(path);
                if (isOurs(name) && !name.startsWith(TEMPORARY) && segment(name) < number) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
        }
    }

    /** Forgets all files: they are going to be deleted. */
    void forget() {
        lengths.values().forEach(length -> bytes.addAndGet(-length));
        lengths.clear();
    }

    static String name(long segment, long offset) {
        return segment + "-" + offset + SUFFIX;
    }

    private static boolean isOurs(String name) {
        return name.startsWith(TEMPORARY) || name.matches("[0-9]{1,18}-[0-9]{1,18}\\.val");
    }

    private static long segment(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    private Path path(long segment, long offset) {
        return directory.resolve(name(segment, offset));
    }

    /** What identifies a record in a place. */
    private static long id(long place) {
        return Place.of(Place.segment(place), Place.offset(place));
    }
}
