package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of values that are too large for a segment, as {@link LargeFormat} has them: which there are, and which record tells of each.
 *
 * <p>A file is written under another name and renamed before its record is written, so one without a record is left over, and
 * deleted. Those that go wait for a sync, if need be, in {@link RetiredFiles}.
 *
 * <p>Thread-safe.
 */
final class LargeFiles {

    private final Path directory;

    private final long store;

    /** The files, by the place of the record that tells of each. */
    private final Map<Long, Held> files = new ConcurrentHashMap<>();

    /** The names of those that may not be on disk yet. */
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();

    /** The names of those that could not be synced. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /** Those that wait for a sync before they go. */
    final RetiredFiles retired = new RetiredFiles(this);

    private final AtomicLong bytes = new AtomicLong();

    private final AtomicLong temporaries = new AtomicLong();

    LargeFiles(Path directory, long store) {
        this.directory = directory;
        this.store = store;
    }

    /**
     * A file of which a record tells.
     *
     * @param hash that of the key
     * @param isFound whether it was there when the store was opened
     */
    record Held(String name, long length, long hash, boolean isFound) {}

    /** A file that could not be synced, and the place of the record that tells of it. */
    record Failed(long hash, long place) {}

    /** A file that is written, but has no record yet. For one thread. */
    static final class Staged {

        private final Path temporary;

        final long length;

        /** Its name, once it has one. */
        private @Nullable String name;

        private boolean recorded;

        private final byte[] told;

        private Staged(Path temporary, long length, int checksum) {
            this.temporary = temporary;
            this.length = length;
            this.told = LargeFormat.told(length, checksum);
        }

        /** The value of the record that is going to tell of it; without the name before it has one. */
        byte[] told() {
            return told;
        }
    }

    long bytes() {
        return bytes.get();
    }

    Staged stage(long hash, byte[] value, boolean durable) throws IOException {
        Directories.create(directory);
        CRC32C checksum = new CRC32C();
        checksum.update(value, 0, value.length);
        int sum = (int) checksum.getValue();
        byte[] header = LargeFormat.header(store, hash, value.length, sum);
        Path path = directory.resolve(LargeFormat.TEMPORARY + temporaries.incrementAndGet());
        Files.deleteIfExists(path);
        try (SteadyFile file = SteadyFile.create(path)) {
            file.write(header, 0, header.length, 0);
            file.write(value, 0, value.length, header.length);
            if (durable) {
                file.force();
            }
        } catch (IOException | RuntimeException ex) {
            Files.deleteIfExists(path);
            throw ex;
        }
        Staged staged = new Staged(path, LargeFormat.fileLength(value.length), sum);
        bytes.addAndGet(staged.length);
        return staged;
    }

    /** Gives a file its name, unless it has one, for a record that is about to be written to this place. */
    void commit(Staged staged, Segment segment, long offset, boolean durable) throws IOException {
        if (staged.name == null) {
            String name = freeName(staged.told, segment.number(), offset);
            move(staged.temporary, directory.resolve(name));
            staged.name = name;
        }
        if (durable) {
            Directories.forceWithName(directory);
        } else {
            unsynced.add(String.valueOf(staged.name));
        }
    }

    /** Another file has the name of the place if its record could not be written there after all; no record begins right behind. */
    private String freeName(byte[] told, long segment, long offset) {
        long at = offset;
        do {
            LargeFormat.setName(told, segment, at);
            at += Long.BYTES;
        } while (Files.exists(path(told)));
        return LargeFormat.name(told);
    }

    /**
     * Syncs what was written without. One thread at a time: the next one relies on it.
     *
     * @throws IOException also if some could not be synced before, and still have records
     */
    synchronized void force() throws IOException {
        List<String> names = List.copyOf(unsynced);
        if (!names.isEmpty()) {
            names.forEach(unsynced::remove);
            try {
                for (String name : names) {
                    force(directory.resolve(name));
                }
                Directories.forceWithName(directory);
            } catch (IOException | RuntimeException ex) {
                failed.addAll(names);
                throw ex;
            }
        }
        if (!failed().isEmpty()) {
            throw new IOException("Files in '%s' could not be synced before".formatted(directory));
        }
    }

    private static void force(Path path) throws IOException {
        try (SteadyFile file = SteadyFile.write(path)) {
            file.force();
        } catch (NoSuchFileException ex) {
            // Deleted meanwhile.
        }
    }

    /** Those that could not be synced: a later sync may succeed though the system has forgotten what it could not write. */
    List<Failed> failed() {
        if (failed.isEmpty()) {
            return List.of();
        }
        List<Failed> found = new ArrayList<>();
        files.forEach((place, held) -> {
            if (failed.contains(held.name())) {
                found.add(new Failed(held.hash(), place));
            }
        });
        return found;
    }

    /** There is a record of it now. */
    void recorded(Staged staged, long hash, long place) {
        staged.recorded = true;
        files.put(id(place), new Held(String.valueOf(staged.name), staged.length, hash, false));
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
        if (told.length != LargeFormat.VALUE) {
            return null;
        }
        try (SteadyFile file = SteadyFile.read(path(told))) {
            long length = file.length() - LargeFormat.HEADER;
            if (length != LargeFormat.valueLength(told) || length < 0 || length > Integer.MAX_VALUE - 8) {
                return null;
            }
            byte[] header = new byte[LargeFormat.HEADER];
            byte[] value = new byte[(int) length];
            int sum = LargeFormat.checksum(told);
            if (file.read(header, 0, header.length, 0) < header.length
                    || !Arrays.equals(header, LargeFormat.header(store, hash, value.length, sum))
                    || file.read(value, 0, value.length, header.length) < value.length) {
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
        return directory.resolve(LargeFormat.name(told));
    }

    /** Deletes the file that the record in this place tells of, if it does. */
    void delete(long place) throws IOException {
        Held held = files.isEmpty() ? null : files.remove(id(place));
        if (held != null) {
            delete(held);
        }
    }

    void delete(Held held) throws IOException {
        bytes.addAndGet(-held.length());
        unsynced.remove(held.name());
        failed.remove(held.name());
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

    /**
     * Notes a file that an earlier process wrote.
     *
     * @param hash that of the key
     * @param told the value of the record in this place
     * @param isOnDisk whether all that can be found is on disk
     * @return its name; null if it is not there
     */
    @Nullable
    String adopt(long hash, byte[] told, long place, boolean isOnDisk) throws IOException {
        String name = LargeFormat.name(told);
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            return null;
        }
        long length = Files.size(path);
        files.put(id(place), new Held(name, length, hash, true));
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
            if (!LargeFormat.isOurs(name) || known.contains(name)) {
                continue;
            }
            if (isOnDisk || name.startsWith(LargeFormat.TEMPORARY) || Files.isDirectory(path)) {
                Directories.deleteFile(path);
            } else {
                long length = Files.size(path);
                bytes.addAndGet(length);
                retired.add(new Held(name, length, 0, true));
            }
        }
    }

    /** Deletes all files of which a record tells, or told. With {@link Tail#appends}. */
    void clear(Failures failures) {
        retired.delete(retired.take(), true, failures);
        for (long place : List.copyOf(files.keySet())) {
            try {
                delete(place);
            } catch (IOException | RuntimeException ex) {
                failures.report("delete", ex);
            }
        }
    }

    /** What identifies a record in a place. */
    private static long id(long place) {
        return Place.of(Place.segment(place), Place.offset(place));
    }
}
