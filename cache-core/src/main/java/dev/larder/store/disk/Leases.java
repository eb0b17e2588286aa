package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.LoadLease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rights that one process has at a time, without locks of the operating system, which network file systems do not keep: a
 * right is a file that was created exclusively.
 *
 * <pre>
 * locks/NAME          host_machine-pid-start n instant     (see {@link Writer}; n: unique in the process)
 * locks/NAME.break    the same, while its writer takes NAME over
 * </pre>
 *
 * <p>A lease is stale if its process is dead, as far as that can be known on this host, or if it has not been refreshed for
 * {@link #SILENCE}; {@link #beat} refreshes all that are held. Clocks of hosts must agree within that time, or a lease is
 * broken while it is held.
 *
 * <p><b>Breaking.</b> Whoever finds a stale lease creates {@code NAME.break} exclusively, with its own name in it, sees that the
 * lease is still the stale one, and renames the new file over it. So one of many wins, and there is no instant without a lease.
 *
 * <p>On a fault everybody gets the right: two loads are better than none. Faults are reported as {@code "lock"}.
 *
 * <p>Thread-safe. Never fails, never waits.
 */
final class Leases implements AutoCloseable {

    /** Not shorter: six beats may be lost to a pause of the process. Not longer: so long does a key wait for a dead host. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private static final long BEAT_MILLIS = 10_000;

    private static final String BREAK = ".break";

    private final Set<Lease> held = ConcurrentHashMap.newKeySet();

    private final Path directory;

    private final Disk disk;

    private final InstantSource clock;

    private final Failures failures;

    private volatile long beatAt;

    /** Leases in a directory that exists or can be made. */
    Leases(Path directory, Disk disk, InstantSource clock, Failures failures) {
        this.directory = directory;
        this.disk = disk;
        this.clock = clock;
        this.failures = failures;
        this.beatAt = clock.millis();
    }

    /**
     * Asks for a right.
     *
     * @param name a plain file name without dots
     * @return null if somebody else has it
     */
    @Nullable
    Lease tryAcquire(String name) {
        String text = Writer.self().text() + " " + Writer.unique() + " " + clock.instant() + "\n";
        Path file = directory.resolve(name);
        try {
            if (!create(file, text) && !takeOver(file, text)) {
                return null;
            }
        } catch (IOException ex) {
            failures.report("lock", ex);
        }
        Lease lease = new Lease(file, text);
        held.add(lease);
        return lease;
    }

    /** To be called about every second: shows that this process lives. */
    void beat() {
        long now = clock.millis();
        if (now - beatAt < BEAT_MILLIS) {
            return;
        }
        beatAt = now;
        held.removeIf(lease -> !refresh(lease, now));
    }

    /** Returns false if somebody else has it by now. */
    private boolean refresh(Lease lease, long now) {
        try {
            if (!lease.text.equals(read(lease.file))) {
                return false;
            }
            Files.setLastModifiedTime(lease.file, FileTime.fromMillis(now));
        } catch (IOException ex) {
            report(ex);
        }
        return true;
    }

    /** Removes leases of processes that are gone, and nothing else that somebody may have put there. */
    void sweep(Pace pace) {
        try {
            for (Path file : Directories.list(directory)) {
                if (!pace.go()) {
                    return;
                }
                sweep(file);
            }
        } catch (IOException ex) {
            report(ex);
        }
    }

    private void sweep(Path file) throws IOException {
        String text = read(file);
        if (text == null || writer(text) == null || !isStale(file, text)) {
            return;
        }
        if (file.getFileName().toString().endsWith(BREAK)) {
            Files.deleteIfExists(file);
        } else {
            Lease lease = tryAcquire(file.getFileName().toString());
            if (lease != null) {
                lease.close();
            }
        }
    }

    /** Gives back what is held. */
    @Override
    public void close() {
        held.forEach(Lease::close);
    }

    private boolean create(Path file, String text) throws IOException {
        return disk.createIfAbsent(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean takeOver(Path file, String text) throws IOException {
        String stale = read(file);
        if (stale == null || !isStale(file, stale)) {
            return false;
        }
        Path breaking = directory.resolve(file.getFileName() + BREAK);
        if (!create(breaking, text)) {
            String other = read(breaking);
            if (other != null && isStale(breaking, other)) {
                Files.deleteIfExists(breaking);
            }
            return false;
        }
        if (stale.equals(read(file))) {
            Files.move(breaking, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
        Files.deleteIfExists(breaking);
        return false;
    }

    /** What is not readable is just being written, or was written by somebody who died. */
    private boolean isStale(Path file, String text) throws IOException {
        Writer writer = writer(text);
        if (writer != null && writer.isDead()) {
            return true;
        }
        try {
            return clock.millis() - Files.getLastModifiedTime(file).toMillis() > SILENCE.toMillis();
        } catch (NoSuchFileException ex) {
            return false;
        }
    }

    private static @Nullable Writer writer(String text) {
        return Writer.parse(text.substring(0, Math.max(0, text.indexOf(' '))));
    }

    private static @Nullable String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    private void report(IOException ex) {
        if (!(ex instanceof NoSuchFileException)) {
            failures.report("lock", ex);
        }
    }

    /** A right that was got. */
    final class Lease implements LoadLease {

        private final Path file;

        private final String text;

        private Lease(Path file, String text) {
            this.file = file;
            this.text = text;
        }

        /** Always: another process may have had the lease between a miss and now. */
        @Override
        public boolean lookAgain() {
            return true;
        }

        /** Whether it was neither given back nor found broken. */
        boolean isHeld() {
            return held.contains(this);
        }

        @Override
        public void close() {
            if (!held.remove(this)) {
                return;
            }
            try {
                if (text.equals(read(file))) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException ex) {
                report(ex);
            }
        }
    }
}
