package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How many entries there are and how long their files are, over all processes that share a store, without looking at the
 * tree. Each process adds up what it put and removed in a file of its own, and the sum of the files is the total; the idea is
 * that of the counters which ccache keeps in each of its directories.
 *
 * <pre>
 * ledger/WRITER-n    of a process that lives, or lived (see {@link Writer}); n: unique in it
 * ledger/free-n      of a process that closed its store
 *
 *  0  8 bytes  {@code "LARDERL1"}
 *  8  8 bytes  entries that the process added, less those it removed; may be negative
 * 16  8 bytes  their bytes
 * 24  8 bytes  how often the process added or removed
 *                                                                     all big-endian
 * </pre>
 *
 * <p>A process that opens a store takes over the file of one that is gone, by renaming it; so there are never many.
 *
 * <p><b>Order.</b> Additions must be told before the entry can be seen, removals after it went. A process that dies between
 * the two has counted too much, never too little; the {@link Sweep} puts that right. Additions are written at once, removals
 * with the next addition or {@link #beat}, since they are not urgent.
 *
 * <p><b>Faults</b> are reported as {@code "write"} or {@code "read"}; the process then goes on with what it knows.
 *
 * <p>Thread-safe. Never fails.
 */
final class Ledger implements AutoCloseable {

    /**
     * How old the sums of other processes may be, in milliseconds.
     *
     * <p>Not shorter: they are read in about 20 microseconds each, at every put while puts are rare. Not longer: the bound may
     * be exceeded by what the others wrote meanwhile.
     */
    static final long MAX_AGE_MILLIS = 1000;

    /** After this silence the process of another host is taken for gone. Ten beats may be lost; a restart takes less. */
    static final Duration SILENCE = Duration.ofMinutes(10);

    private static final long BEAT_MILLIS = 60_000;

    private static final long MAGIC = 0x4c41524445524c31L;

    private static final int LENGTH = 32;

    private static final String FREE = "free-";

    private static final Sums NONE = new Sums(0, 0, 0);

    private final String unique = Writer.unique();

    private final Path directory;

    private final Path file;

    private final InstantSource clock;

    private final Failures failures;

    private @Nullable FileChannel channel;

    private Sums own = NONE;

    private Sums others = NONE;

    /** Whether the file does not tell all of {@link #own}. */
    private boolean pending;

    /** Whether a process of another host has a ledger, so that writes must leave this host to be seen. */
    private boolean remote;

    private long lookedAt = Long.MIN_VALUE;

    private long beatAt;

    private boolean closed;

    /** Opens a ledger, in a directory that exists or can be made. */
    Ledger(Path directory, InstantSource clock, Failures failures) {
        this.directory = directory;
        this.file = directory.resolve(Writer.self().text() + "-" + unique);
        this.clock = clock;
        this.failures = failures;
        this.beatAt = clock.millis();
        takeOver();
        write();
        look(0);
    }

    /** Adds to the sums of this process; removals are negative. */
    synchronized void add(long entries, long bytes) {
        own = new Sums(own.entries + entries, own.bytes + bytes, own.operations + 1);
        pending = true;
        if (entries > 0 || bytes > 0) {
            write();
        }
    }

    /** Entries of all processes. */
    synchronized long entries() {
        return Math.max(0, balanceOfEntries());
    }

    /** Bytes of all processes. */
    synchronized long bytes() {
        return Math.max(0, balanceOfBytes());
    }

    /** As {@link #entries}, but less than zero when too little was counted. */
    synchronized long balanceOfEntries() {
        return own.entries + others.entries;
    }

    /** As {@link #bytes}, but less than zero when too little was counted. */
    synchronized long balanceOfBytes() {
        return own.bytes + others.bytes;
    }

    /** Additions and removals by this process, and what it took over. */
    synchronized long operations() {
        return own.operations;
    }

    /** Additions and removals by other processes. */
    synchronized long operationsOfOthers() {
        return others.operations;
    }

    /** Reads what other processes wrote, unless that was done so many milliseconds ago or less. */
    synchronized void look(long maxAgeMillis) {
        long now = clock.millis();
        if (closed || (lookedAt != Long.MIN_VALUE && now - lookedAt < maxAgeMillis)) {
            return;
        }
        lookedAt = now;
        try {
            sumUp();
        } catch (IOException ex) {
            failures.report("read", ex);
        }
    }

    /** To be called about every second: writes what is not written yet, and shows that this process lives. */
    synchronized void beat() {
        look(MAX_AGE_MILLIS);
        if (pending) {
            write();
        }
        long now = clock.millis();
        if (!closed && now - beatAt >= BEAT_MILLIS) {
            beatAt = now;
            try {
                Files.setLastModifiedTime(file, FileTime.fromMillis(now));
            } catch (NoSuchFileException ex) {
                lost();
            } catch (IOException ex) {
                failures.report("write", ex);
            }
        }
    }

    /** Leaves the file to the next process that opens the store. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        write();
        closed = true;
        closeChannel();
        try {
            Files.move(file, directory.resolve(FREE + unique), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException ex) {
            if (!(ex instanceof NoSuchFileException)) {
                failures.report("write", ex);
            }
        }
    }

    private void sumUp() throws IOException {
        boolean found = false;
        boolean foreign = false;
        Sums sum = NONE;
        for (Path each : Directories.list(directory)) {
            if (each.equals(file)) {
                found = true;
                continue;
            }
            Sums read = read(each);
            if (read != null) {
                sum = new Sums(sum.entries + read.entries, sum.bytes + read.bytes, sum.operations + read.operations);
                Writer writer = writer(each);
                foreign |= writer != null && !writer.isHere();
            }
        }
        others = sum;
        remote = foreign;
        if (!found) {
            lost();
        }
    }

    /** Another process took this one for gone and has its sums, or somebody deleted them. */
    private void lost() {
        own = NONE;
        closeChannel();
        write();
    }

    private void takeOver() {
        try {
            for (Path each : Directories.list(directory)) {
                if (isAbandoned(each) && rename(each)) {
                    Sums read = read(file);
                    own = read == null ? NONE : read;
                    return;
                }
            }
        } catch (IOException ex) {
            failures.report("read", ex);
        }
    }

    private boolean isAbandoned(Path ledger) throws IOException {
        if (read(ledger) == null) {
            return false;
        }
        if (ledger.getFileName().toString().startsWith(FREE)) {
            return true;
        }
        Writer writer = writer(ledger);
        if (writer == null || writer.isHere()) {
            return writer != null && writer.isDead();
        }
        try {
            long silent = clock.millis() - Files.getLastModifiedTime(ledger).toMillis();
            return silent > SILENCE.toMillis();
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    private static @Nullable Writer writer(Path ledger) {
        String name = ledger.getFileName().toString();
        int end = name.lastIndexOf('-');
        return end < 0 ? null : Writer.parse(name.substring(0, end));
    }

    private boolean rename(Path ledger) throws IOException {
        try {
            Files.move(ledger, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    /** Null if it vanished, or is no ledger. */
    private static @Nullable Sums read(Path ledger) throws IOException {
        try {
            ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(ledger));
            return content.remaining() == LENGTH && content.getLong() == MAGIC
                    ? new Sums(content.getLong(), content.getLong(), content.getLong())
                    : null;
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    /** An interrupt closes the channel that it meets in a write, so there is a second try, and a thread without its interrupt. */
    private void write() {
        if (closed) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            try {
                writeOnce();
            } catch (ClosedChannelException ex) {
                interrupted |= Thread.interrupted();
                channel = null;
                writeOnce();
            }
        } catch (IOException ex) {
            failures.report("write", ex);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeOnce() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Files.createDirectories(directory);
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = open;
        }
        ByteBuffer content = ByteBuffer.allocate(LENGTH)
                .putLong(MAGIC)
                .putLong(own.entries)
                .putLong(own.bytes)
                .putLong(own.operations)
                .flip();
        open.write(content, 0);
        if (remote) {
            open.force(false);
        }
        pending = false;
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException ex) {
                failures.report("write", ex);
            }
        }
    }

    private record Sums(long entries, long bytes, long operations) {}
}
