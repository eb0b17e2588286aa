package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory for whole directories that were thrown away, in one atomic step each. The background deletes what is in it, a few
 * files at a time.
 *
 * <p>Thread-safe.
 */
final class Trash {

    private final Path directory;

    private final Disk disk;

    private final Failures failures;

    /** What this process looks into. */
    private final Set<Path> taken = ConcurrentHashMap.newKeySet();

    /** At the start it is not known to be empty: a process may have died over it. */
    private volatile boolean filled = true;

    /** A trash in a directory that exists or can be made, on the same file system as what will be thrown away. */
    Trash(Path directory, Disk disk, Failures failures) {
        this.directory = directory;
        this.disk = disk;
        this.failures = failures;
    }

    /** Throws a directory away, with all that is in it. */
    void throwAway(Path path) throws IOException {
        Path to = take(path);
        if (to != null) {
            release(to);
        }
    }

    /**
     * Takes a directory away, to look into it until it is {@linkplain #release released} to be deleted.
     *
     * @return where it is now, or null if it was not there
     */
    @Nullable
    Path take(Path path) throws IOException {
        // The name says whose it is.
        Path to = directory.resolve(Writer.temporaryName());
        taken.add(to);
        boolean done = false;
        try {
            done = moveOrMake(path, to);
            return done ? to : null;
        } finally {
            if (!done) {
                release(to);
            }
        }
    }

    void release(Path path) {
        taken.remove(path);
        filled = true;
    }

    /** Returns false if there is nothing to move. */
    private boolean moveOrMake(Path path, Path to) throws IOException {
        try {
            move(path, to);
        } catch (NoSuchFileException ex) {
            disk.createDirectories(directory);
            try {
                move(path, to);
            } catch (NoSuchFileException nothing) {
                return false;
            }
        }
        return true;
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** To be called about every second: deletes some of what is in it. */
    void empty(Pace pace) {
        if (!filled) {
            return;
        }
        filled = false;
        try {
            for (Path path : Directories.list(directory)) {
                if (taken.contains(path) || isLookedInto(path)) {
                    filled = true;
                } else if (!deleteOrReport(path, pace)) {
                    filled = true;
                    return;
                }
            }
        } catch (IOException ex) {
            filled = true;
            failures.report("delete", ex);
        }
    }

    /** What cannot be deleted does not keep the rest from it. */
    private boolean deleteOrReport(Path path, Pace pace) {
        try {
            return delete(path, pace);
        } catch (IOException ex) {
            filled = true;
            failures.report("delete", ex);
            return true;
        }
    }

    /** Whether another process of this machine threw it away, lives, and so may be counting what is in it. */
    private static boolean isLookedInto(Path path) {
        Writer writer = Writer.ofTemporary(String.valueOf(path.getFileName()));
        return writer != null && !writer.equals(Writer.self()) && writer.isHere() && !writer.isDead();
    }

    /**
     * Deletes a file, or a directory with all that is in it, as far as the run allows. Files that Larder did not make stay, and
     * so do the directories that they are in.
     *
     * @return whether the run got to the end
     */
    static boolean delete(Path path, Pace pace) throws IOException {
        if (!pace.go()) {
            return false;
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (Places.isOurs(String.valueOf(path.getFileName()))) {
                Files.deleteIfExists(path);
            }
            return true;
        }
        for (Path child : Directories.list(path)) {
            if (!delete(child, pace)) {
                return false;
            }
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException ex) {
            // Somebody else's file is in it.
        }
        return true;
    }
}
