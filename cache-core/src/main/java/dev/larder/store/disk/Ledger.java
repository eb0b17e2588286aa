package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * How many entries there are and how long their files are, over all processes that share a store, without looking at the
 * tree. Each process adds up what it put and removed in a file of its own ({@link LedgerFile}), and the sum of the files is
 * the total; the idea is that of the counters which ccache keeps in each of its directories. A process that opens a store
 * takes over the file of one that is gone, by renaming it; so there are never many.
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

    /** How old the sums of other processes may be at most. Not longer: the bound may be exceeded by what they wrote meanwhile. */
    static final long MAX_AGE_MILLIS = 1000;

    /** How old they may be where reading them is cheap. Not shorter: it takes about 0.1 ms. */
    private static final long MIN_AGE_MILLIS = 100;

    /** Of the time, one part in so many goes to reading them, and a larger one where that needs more than the maximal age. */
    private static final long SHARE = 20;

    /** After this silence the process of another host is taken for gone. Ten beats may be lost; a restart takes less. */
    static final Duration SILENCE = Duration.ofMinutes(10);

    private static final long BEAT_MILLIS = 60_000;

    private final Path directory;

    private final LedgerFile file;

    private final InstantSource clock;

    private final Failures failures;

    private Sums own = Sums.NONE;

    private Sums others = Sums.NONE;

    /** Whether the file does not tell all of {@link #own}. */
    private boolean pending;

    /** Whether a process of another host has a ledger, so that writes must leave this host to be seen. */
    private boolean remote;

    private long lookedAt;

    private long ageMillis;

    private long beatAt;

    private boolean closed;

    /** Opens a ledger, in a directory that exists or can be made. */
    Ledger(Path directory, Disk disk, InstantSource clock, Failures failures) {
        this.directory = directory;
        this.file = new LedgerFile(directory, disk);
        this.clock = clock;
        this.failures = failures;
        this.beatAt = clock.millis();
        takeOver();
        write();
        lookNow();
    }

    /** Adds to the sums of this process; removals are negative. */
    synchronized void add(long entries, long bytes) {
        own = own.plus(new Sums(entries, bytes, Math.max(1, Math.abs(entries)), Math.abs(bytes)));
        pending = true;
        if (entries > 0 || bytes > 0) {
            write();
        }
    }

    /** Entries of all processes. */
    synchronized long entries() {
        return Math.max(0, own.entries() + others.entries());
    }

    /** Bytes of all processes. */
    synchronized long bytes() {
        return Math.max(0, own.bytes() + others.bytes());
    }

    /** As this process knows them; entries and bytes are less than zero when too little was counted. */
    synchronized Sums total() {
        return own.plus(others);
    }

    /** Those of this process, and of those it took over from. */
    synchronized Sums own() {
        return own;
    }

    /** Those of other processes. */
    synchronized Sums others() {
        return others;
    }

    /** Reads what other processes wrote, unless that was done just now: 0.1 to 1 second ago, by what it costs. */
    synchronized void look() {
        if (clock.millis() - lookedAt >= ageMillis) {
            lookNow();
        }
    }

    /** Reads what other processes wrote. */
    synchronized void lookNow() {
        if (closed) {
            return;
        }
        lookedAt = clock.millis();
        long start = System.nanoTime();
        try {
            sumUp();
        } catch (IOException ex) {
            failures.report("read", ex);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        ageMillis = Math.min(MAX_AGE_MILLIS, Math.max(MIN_AGE_MILLIS, SHARE * millis));
    }

    /** To be called about every second: writes what is not written yet, and shows that this process lives. */
    synchronized void beat() {
        if (closed) {
            return;
        }
        look();
        if (pending) {
            write();
        }
        long now = clock.millis();
        if (now - beatAt >= BEAT_MILLIS) {
            beatAt = now;
            try {
                if (!file.touch(now)) {
                    lost();
                }
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
        try {
            file.leave();
        } catch (IOException ex) {
            failures.report("write", ex);
        }
    }

    private void takeOver() {
        try {
            for (Path each : Directories.list(directory)) {
                if (isAbandoned(each) && file.takeOver(each)) {
                    Sums read = file.read();
                    own = read == null ? Sums.NONE : read;
                    return;
                }
            }
        } catch (IOException ex) {
            failures.report("read", ex);
        }
    }

    private boolean isAbandoned(Path ledger) throws IOException {
        if (!Files.isRegularFile(ledger) || Sums.read(ledger) == null) {
            return false;
        }
        Writer writer = LedgerFile.writer(ledger);
        if (writer == null) {
            return LedgerFile.isFree(ledger);
        }
        if (writer.isHere()) {
            return writer.isDead();
        }
        try {
            long modified = Files.getLastModifiedTime(ledger).toMillis();
            return clock.millis() - modified > SILENCE.toMillis();
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    private void sumUp() throws IOException {
        boolean found = false;
        boolean foreign = false;
        Sums sum = Sums.NONE;
        for (Path each : Directories.list(directory)) {
            if (file.is(each)) {
                found = true;
                continue;
            }
            Writer writer = LedgerFile.writer(each);
            Sums read = writer != null || LedgerFile.isFree(each) ? Sums.read(each) : null;
            if (read != null) {
                sum = sum.plus(read);
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
    private void lost() throws IOException {
        own = Sums.NONE;
        file.abandon();
        write();
    }

    private void write() {
        if (closed) {
            return;
        }
        try {
            file.write(own, remote);
            pending = false;
        } catch (IOException ex) {
            failures.report("write", ex);
        }
    }
}
