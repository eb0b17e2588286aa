package dev.larder.store.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the file system that a store makes. Everything goes through {@link Path}, so the file system of the
 * directory is the seam at which tests let things fail.
 *
 * <p>Files are made for their owner alone, where the file system knows owners. An interrupt does not disturb a call: the
 * thread finds it afterwards. Immutable, thread-safe.
 */
final class Disk {

    /** More than this is read and written in parts: the JDK copies each into a buffer off the heap, and keeps that. */
    private static final int PART = 64 * 1024;

    /** Not fewer: sixteen threads that write and remove one key meet a few times. Not more: it should end. */
    private static final int ATTEMPTS = 100;

    private static final FileAttribute<?>[] NONE = {};

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** Links included: the store may be below one. */
    private static final Set<OpenOption> DIRECTORY = Set.of(StandardOpenOption.READ);

    private static final OpenOption[] OPEN = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};

    private static final Set<OpenOption> UPDATE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private static final Set<OpenOption> OVERWRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final boolean sync;

    private static final String PRIVATE = "rw-------";

    private final FileAttribute<?>[] forFiles;

    private final FileAttribute<?>[] forDirectories;

    Disk(FileSystem fileSystem, Durability durability) {
        boolean posix = fileSystem.supportedFileAttributeViews().contains("posix");
        this.sync = durability == Durability.ALWAYS;
        this.forFiles = posix ? permissions(PRIVATE) : NONE;
        this.forDirectories = posix ? permissions("rwx------") : NONE;
    }

    private static FileAttribute<?>[] permissions(String text) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))};
    }

    /** Keeps a file to its owner that somebody else made, and with whatever permissions. */
    void restrict(Path file) throws IOException {
        if (forFiles != NONE) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PRIVATE));
        }
    }

    /** What to do with an open file. */
    @FunctionalInterface
    interface Use<T extends @Nullable Object> {
        T with(FileChannel channel) throws IOException;
    }

    /**
     * Opens a file, reads as much as one call of the system gives, and closes it. Faster than a channel, which has to be ready
     * for an interrupt.
     *
     * @return how much it was
     */
    int readSome(Path file, byte[] to) throws IOException {
        try (InputStream in = Files.newInputStream(file, OPEN)) {
            return Math.max(0, in.read(to, 0, to.length));
        }
    }

    <T extends @Nullable Object> T read(Path file, Use<T> use) throws IOException {
        return open(file, READ, NONE, use);
    }

    <T extends @Nullable Object> T update(Path file, Use<T> use) throws IOException {
        return open(file, UPDATE, NONE, use);
    }

    private static <T extends @Nullable Object> T open(
            Path file, Set<OpenOption> options, FileAttribute<?>[] attributes, Use<T> use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(file, options, attributes)) {
                    return use.with(channel);
                } catch (ClosedByInterruptException ex) {
                    interrupted = true;
                    boolean unused = Thread.interrupted();
                    if (options == CREATE) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Writes a new file, and its directory if that is not there. A file that could not be written is gone. */
    void create(Path file, byte[] head, int headLength, byte[] body) throws IOException {
        Use<Boolean> write = channel -> {
            writeAll(channel, head, headLength);
            writeAll(channel, body, body.length);
            force(channel);
            return true;
        };
        try {
            create(file, write);
        } catch (IOException | RuntimeException ex) {
            deleteQuietly(file);
            throw ex;
        }
    }

    private void create(Path file, Use<Boolean> write) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                open(file, CREATE, forFiles, write);
                return;
            } catch (NoSuchFileException ex) {
                if (attempt == ATTEMPTS) {
                    throw ex;
                }
                createDirectoriesAgain(parent(file));
            }
        }
    }

    /** Somebody may remove a directory as soon as it is there and empty, also while it is made. */
    private void createDirectoriesAgain(Path directory) throws IOException {
        try {
            createDirectories(directory);
        } catch (FileAlreadyExistsException ex) {
            if (!Files.isDirectory(directory) && Files.exists(directory)) {
                throw ex;
            }
        }
    }

    /** Writes a new file unless there is one, and its directory if that is not there; returns whether it did. */
    boolean createIfAbsent(Path file, byte[] content) throws IOException {
        boolean exists = false;
        boolean created = false;
        try {
            create(file, channel -> {
                writeAll(channel, content, content.length);
                return true;
            });
            created = true;
        } catch (FileAlreadyExistsException ex) {
            exists = true;
        } finally {
            if (!created && !exists) {
                deleteQuietly(file);
            }
        }
        return created;
    }

    /** Opens a file to be overwritten, and makes it and its directory if they are not there. */
    FileChannel openToOverwrite(Path file) throws IOException {
        try {
            return FileChannel.open(file, OVERWRITE, forFiles);
        } catch (NoSuchFileException ex) {
            createDirectories(parent(file));
            return FileChannel.open(file, OVERWRITE, forFiles);
        }
    }

    /** Makes an empty file, which somebody else is going to write. */
    void createEmpty(Path file) throws IOException {
        create(file, channel -> true);
    }

    void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, forDirectories);
        for (Path made = directory; sync && made != null && made.getNameCount() > 1; made = made.getParent()) {
            syncDirectory(made);
        }
    }

    static Path parent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new NoSuchFileException(file.toString());
        }
        return parent;
    }

    private static void writeAll(FileChannel channel, byte[] bytes, int length) throws IOException {
        for (int at = 0; at < length; ) {
            ByteBuffer part = ByteBuffer.wrap(bytes, at, Math.min(PART, length - at));
            at += channel.write(part);
        }
    }

    /** Overwrites a part of a file, by one call where the file system lets it. */
    static void overwrite(FileChannel channel, byte[] bytes, int from, int to) throws IOException {
        ByteBuffer part = ByteBuffer.wrap(bytes, from, to - from);
        while (part.hasRemaining()) {
            channel.write(part, part.position());
        }
    }

    /**
     * Reads until an array is full, or the file ends.
     *
     * @param position where in the file the array begins
     * @param from how much of the array is there already
     * @return how much of it is there now
     */
    static int readFully(FileChannel channel, long position, byte[] to, int from) throws IOException {
        int at = from;
        while (at < to.length) {
            int read = channel.read(ByteBuffer.wrap(to, at, Math.min(PART, to.length - at)), position + at);
            if (read < 0) {
                break;
            }
            at += read;
        }
        return at;
    }

    void force(FileChannel channel) throws IOException {
        if (sync) {
            channel.force(false);
        }
    }

    /** Makes a rename, and what else happened to the names in a directory, survive a loss of power if that is asked for. */
    void syncDirectory(Path directory) throws IOException {
        if (sync) {
            open(directory, DIRECTORY, NONE, channel -> {
                channel.force(true);
                return true;
            });
        }
    }

    /** Moves a file within a directory, in one step, over what is there. Has to be {@linkplain #syncDirectory synced}. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The same, synced. If this fails it may have been done. */
    void rename(Path from, Path to) throws IOException {
        move(from, to);
        syncDirectory(parent(to));
    }

    /** Whether there is a file, and not a directory or something else that somebody put in the way. */
    static boolean isFile(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile();
        } catch (NoSuchFileException | NotDirectoryException ex) {
            return false;
        }
    }

    /** Deletes what is no use any more; if that fails the sweep finds it. */
    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException | RuntimeException ignored) {
            // Left to the sweep.
        }
    }

    static void deleteIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException inUse) {
            // By an entry that was just written, or by bodies that are kept for readers.
        } catch (IOException | RuntimeException ignored) {
            // Left to the sweep.
        }
    }
}
