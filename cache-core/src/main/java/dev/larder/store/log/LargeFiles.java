package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The values that are too large for a segment, each in a file {@code large/SEGMENT-OFFSET.val}, named by the place of the first record
 * that told of it. It keeps the name when its record is moved.
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
 * <p>A file is written under another name and renamed before its record is written, so one without a record is left over, and
 * deleted. The value of the record:
 *
 * <pre>
 *  0  8 bytes  length of the file
 *  8  4 bytes  CRC32C of the value
 * 12  4 bytes  offset in the name, in units of 8 bytes
 * 16  8 bytes  segment in the name
 * </pre>
 *
 * <p>Thread-safe.
 */
final class LargeFiles {

    /** The length of the value of a record that tells of a file. */
    static final int VALUE = 24;

    private static final int HEADER = 40;

    private static final long MAGIC = 0x315652454452414CL; // LARDERV1

    private static final String SUFFIX = ".val";

    private static final String TEMPORARY = "tmp-";

    private final Path directory;

    private final long store;

    /** The files, by the place of the record that tells of each. */
    private final Map<Long, Held> files = new ConcurrentHashMap<>();

    /** The names of those that may not be on disk yet. */
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();

    /** Those of records that were replaced or removed since the last sync. */
    private final Queue<Held> retired = new ConcurrentLinkedQueue<>();

    private final AtomicLong bytes = new AtomicLong();

    private final AtomicLong temporaries = new AtomicLong();

    LargeFiles(Path directory, long store) {
        this.directory = directory;
        this.store = store;
    }

    /**
     * A file of which a record tells.
     *
     * @param isFound whether it was there when the store was opened
     */
    record Held(String name, long length, boolean isFound) {}

    /** A file that is written, but has no record yet. For one thread. */
    static final class Staged {

        private final Path temporary;

        final long length;

        private final int checksum;

        /** Its name, once it has one. */
        private @Nullable String name;

        private boolean recorded;

        private final byte[] value = new byte[VALUE];

        private Staged(Path temporary, long length, int checksum) {
            this.temporary = temporary;
            this.length = length;
            this.checksum = checksum;
        }

        /** The value of the record that is going to tell of it; without the name before it has one. */
        byte[] value() {
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

    /** The value of a record that tells of a file. */
    static byte[] value(byte[] record) {
        int value = RecordFormat.HEADER + RecordFormat.keyLength(record, 0) + RecordFormat.etagLength(record, 0);
        return java.util.Arrays.copyOfRange(record, value, value + VALUE);
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

    /** Gives a file its name, unless it has one, for a record that is about to be written to this place. */
    void commit(Staged staged, Segment segment, long offset, boolean durable) throws IOException {
        if (staged.name == null) {
            String name = name(segment.number(), offset);
            move(staged.temporary, directory.resolve(name));
            staged.name = name;
            Bytes.putInt(staged.value, 12, (int) (offset / Long.BYTES));
            Bytes.putLong(staged.value, 16, segment.number());
        }
        if (durable) {
            Directories.forceWithName(directory);
        } else {
            unsynced.add(String.valueOf(staged.name));
        }
    }

    /** Syncs what was written without. What cannot be synced is gone. One thread at a time: the next one relies on it. */
    synchronized void force() throws IOException {
        if (unsynced.isEmpty()) {
            return;
        }
        for (String name : List.copyOf(unsynced)) {
            unsynced.remove(name);
            force(directory.resolve(name));
        }
        Directories.forceWithName(directory);
    }

    private static void force(Path path) throws IOException {
        try (SteadyFile file = SteadyFile.write(path)) {
            file.force();
        } catch (NoSuchFileException ex) {
            // Deleted meanwhile.
        } catch (IOException | RuntimeException ex) {
            Files.deleteIfExists(path);
            throw ex;
        }
    }

    /** There is a record of it now. */
    void recorded(Staged staged, long place) {
        staged.recorded = true;
        files.put(id(place), new Held(String.valueOf(staged.name), staged.length, false));
    }

    /** Deletes a file of which there is no record. */
    void discard(Staged staged) {
        if (staged.recorded) {
            return;
        }
        bytes.addAndGet(-staged.length);
        try {
            Files.deleteIfExists(staged.name == null ? staged.temporary : directory.resolve(staged.name));
        } catch (IOException ex) {
            // Left over, and deleted when the store is opened the next time.
        }
    }

    /** The record of a file, if it has one, is in another place now. */
    void moved(long from, long to) {
        Held held = files.isEmpty() ? null : files.remove(id(from));
        if (held != null) {
            files.put(id(to), held);
        }
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
    byte @Nullable [] read(long hash, byte[] told) throws IOException {
        if (told.length != VALUE) {
            return null;
        }
        try (SteadyFile file = SteadyFile.read(directory.resolve(name(told)))) {
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

    /** The file that the value of a record tells of. */
    Path path(byte[] told) {
        return directory.resolve(name(told));
    }

    /** Deletes the file that the record in this place tells of, if it does. */
    void delete(long place) throws IOException {
        Held held = files.isEmpty() ? null : files.remove(id(place));
        if (held != null) {
            delete(held);
        }
    }

    private void delete(Held held) throws IOException {
        bytes.addAndGet(-held.length());
        unsynced.remove(held.name());
        Files.deleteIfExists(directory.resolve(held.name()));
    }

    /**
     * The same, but not before the next sync, if the file may be on disk: a loss of power that takes what was written instead of the record
     * must not leave the record without its file. With {@link Tail#appends}.
     */
    void retire(long place) throws IOException {
        Held held = files.isEmpty() ? null : files.remove(id(place));
        if (held == null) {
            return;
        }
        if (held.isFound() || !unsynced.contains(held.name())) {
            retired.add(held);
        } else {
            delete(held);
        }
    }

    boolean hasRetired() {
        return !retired.isEmpty();
    }

    /** What was retired, to be deleted after a sync that is about to begin. With {@link Tail#appends}. */
    List<Held> takeRetired() {
        if (retired.isEmpty()) {
            return List.of();
        }
        List<Held> taken = new ArrayList<>();
        for (Held held = retired.poll(); held != null; held = retired.poll()) {
            taken.add(held);
        }
        return taken;
    }

    /** Deletes what was retired before a sync, or keeps it for another one if that failed. */
    void deleteRetired(List<Held> taken, boolean synced, Failures failures) {
        if (!synced) {
            retired.addAll(taken);
            return;
        }
        for (Held held : taken) {
            try {
                delete(held);
            } catch (IOException | RuntimeException ex) {
                failures.report("delete", ex);
            }
        }
    }

    /**
     * Notes a file that an earlier process wrote.
     *
     * @param told the value of the record in this place
     * @param isOnDisk whether all that can be found is on disk
     * @return its name; null if it is not there
     */
    @Nullable
    String adopt(byte[] told, long place, boolean isOnDisk) throws IOException {
        String name = name(told);
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            return null;
        }
        long length = Files.size(path);
        files.put(id(place), new Held(name, length, true));
        bytes.addAndGet(length);
        if (!isOnDisk) {
            unsynced.add(name);
        }
        return name;
    }

    /**
     * Deletes the files that were found when the store was opened and that no newest record of a key tells of.
     *
     * @param isOnDisk whether those newest records are on disk; else the files are deleted when they are
     */
    void deleteUnknown(Set<String> known, boolean isOnDisk) throws IOException {
        for (Path path : Directories.list(directory)) {
            String name = Directories.name(path);
            if (!isOurs(name) || known.contains(name)) {
                continue;
            }
            if (isOnDisk || name.startsWith(TEMPORARY) || Files.isDirectory(path)) {
                Directories.deleteFile(path);
            } else {
                long length = Files.size(path);
                bytes.addAndGet(length);
                retired.add(new Held(name, length, true));
            }
        }
    }

    /** Deletes all files of which a record tells, or told. With {@link Tail#appends}. */
    void clear(Failures failures) {
        deleteRetired(takeRetired(), true, failures);
        for (long place : List.copyOf(files.keySet())) {
            try {
                delete(place);
            } catch (IOException | RuntimeException ex) {
                failures.report("delete", ex);
            }
        }
    }

    private static String name(byte[] told) {
        return name(Bytes.getLong(told, 16), Bytes.getInt(told, 12) * (long) Long.BYTES);
    }

    private static String name(long segment, long offset) {
        return segment + "-" + offset + SUFFIX;
    }

    private static boolean isOurs(String name) {
        return name.matches(TEMPORARY + "[0-9]{1,18}") || name.matches("[0-9]{1,18}-[0-9]{1,18}\\.val");
    }

    /** What identifies a record in a place. */
    private static long id(long place) {
        return Place.of(Place.segment(place), Place.offset(place));
    }
}
