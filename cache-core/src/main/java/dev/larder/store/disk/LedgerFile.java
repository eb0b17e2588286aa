package dev.larder.store.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The file in which a process keeps its {@link Sums}. It is overwritten in place, by one call, and stays open.
 *
 * <pre>
 * ledger/WRITER-n    of a process that lives, or lived (see {@link Writer}); n: unique in it
 * ledger/free-n      of a process that closed its store
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class LedgerFile {

    private static final String FREE = "free-";

    private final Path path;

    private final Path free;

    private final Disk disk;

    private @Nullable FileChannel channel;

    /** A file with a name of its own, which need not exist. */
    LedgerFile(Path directory, Disk disk) {
        String unique = Writer.unique();
        this.path = directory.resolve(Writer.self().text() + "-" + unique);
        this.free = directory.resolve(FREE + unique);
        this.disk = disk;
    }

    /** Who writes to a ledger; null if nobody does any more, or it is none. */
    static @Nullable Writer writer(Path ledger) {
        String name = String.valueOf(ledger.getFileName());
        int end = name.lastIndexOf('-');
        return end < 0 ? null : Writer.parse(name.substring(0, end));
    }

    /** Whether the writer of a ledger closed it. */
    static boolean isFree(Path ledger) {
        return String.valueOf(ledger.getFileName()).startsWith(FREE);
    }

    boolean is(Path ledger) {
        return path.equals(ledger);
    }

    /** Renames the ledger of somebody else to be this one; returns false if another process was faster. */
    boolean takeOver(Path ledger) throws IOException {
        try {
            Files.move(ledger, path, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    /** What it holds; null if it vanished. */
    @Nullable
    Sums read() throws IOException {
        return Sums.read(path);
    }

    /**
     * Overwrites it. An interrupt closes the channel that it meets in a write, so there is a second try, without the interrupt,
     * which the thread finds afterwards.
     *
     * @param toOtherHosts whether other hosts must be able to see it
     */
    void write(Sums sums, boolean toOtherHosts) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            try {
                writeOnce(sums, toOtherHosts);
            } catch (ClosedChannelException ex) {
                interrupted |= Thread.interrupted();
                channel = null;
                writeOnce(sums, toOtherHosts);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeOnce(Sums sums, boolean toOtherHosts) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = disk.openToOverwrite(path);
            channel = open;
        }
        open.write(sums.toBytes(), 0);
        if (toOtherHosts) {
            open.force(false);
        }
    }

    /** Shows that its process lives; returns false if the file vanished. */
    boolean touch(long now) throws IOException {
        try {
            Files.setLastModifiedTime(path, FileTime.fromMillis(now));
            return true;
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    /** The file is somebody else's now: the next write makes a new one. */
    void abandon() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** Leaves it to the next process that wants it. */
    void leave() throws IOException {
        abandon();
        try {
            Files.move(path, free, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException ex) {
            // Taken over already.
        }
    }
}
