package dev.larder.store.disk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A process that writes to a store, as its temporary files, ledgers and locks name it:
 *
 * <pre>
 * host_machine-pid-start          start: when the process started, in a unit of the system
 * .tmp-host_machine-pid-start-n   a temporary file; n: hexadecimal, unique in the process and random at its start
 * </pre>
 *
 * <p>The machine is a digest of this boot of the kernel and the namespace of process ids (Linux): machines and containers may
 * share a host name, and must not take each other's processes for dead.
 *
 * <p>Immutable.
 *
 * @param host lower-case letters, digits, dots, underscores; at most {@value #HOST_LENGTH} characters
 */
record Writer(String host, long pid, long start) {

    /** Before the names of temporary files. */
    static final String TEMPORARY = ".tmp-";

    /** Long enough to tell hosts apart, short enough for a file name with all the rest. */
    private static final int HOST_LENGTH = 60;

    /** Of the fields of {@code /proc/PID/stat} that come after the name: number 22 of all. */
    private static final int START_FIELD = 19;

    private static final Pattern TEXT = Pattern.compile("([a-z0-9._]{1,60})-([0-9]{1,18})-([0-9]{1,18})");

    private static final Pattern TEMPORARY_NAME = Pattern.compile("\\.tmp-(.*)-[0-9a-f]{1,16}");

    private static final Writer SELF =
            new Writer(findHost(), ProcessHandle.current().pid(), startOf(ProcessHandle.current()));

    private static final String TEMPORARY_PREFIX = TEMPORARY + SELF.text() + "-";

    /** Starts at random, since another process may look the same: file systems are shared by what cannot see each other. */
    private static final AtomicLong next = new AtomicLong(new SecureRandom().nextLong());

    /** This process. */
    static Writer self() {
        return SELF;
    }

    /** A name for a temporary file or directory of this process. */
    static String temporaryName() {
        return TEMPORARY_PREFIX + unique();
    }

    /** Sixteen hexadecimal digits that this process gives once. */
    static String unique() {
        return HexFormat.of().toHexDigits(next.getAndIncrement());
    }

    /** The writer of a temporary file, or null if the name is not that of one. */
    static @Nullable Writer ofTemporary(String name) {
        if (!name.startsWith(TEMPORARY)) {
            return null;
        }
        Matcher matcher = TEMPORARY_NAME.matcher(name);
        return matcher.matches() ? parse(matcher.group(1)) : null;
    }

    /** The inverse of {@link #text}; null if it is something else. */
    static @Nullable Writer parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new Writer(matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)))
                : null;
    }

    String text() {
        return host + "-" + pid + "-" + start;
    }

    /** Whether this process can tell if that one lives. */
    boolean isHere() {
        return host.equals(SELF.host);
    }

    /** Whether the process is known to have ended; false for processes of other hosts, which nobody can know. */
    boolean isDead() {
        if (!isHere()) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return true;
        }
        long started = startOf(process.get());
        return started != 0 && start != 0 && started != start;
    }

    /** Zero if the system does not tell. */
    private static long startOf(ProcessHandle process) {
        try {
            return startTicks(process.pid());
        } catch (IOException | RuntimeException ex) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }
    }

    /**
     * Linux: ticks since the boot. The instant that the JDK makes of them moves with every correction of the clock, so two
     * processes may see two different ones of a third.
     */
    private static long startTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(afterName[START_FIELD]);
    }

    private static String findHost() {
        String host = hostName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "_");
        CRC32C digest = new CRC32C();
        digest.update(machine().getBytes(StandardCharsets.UTF_8));
        return "%s_%08x".formatted(host.substring(0, Math.min(host.length(), HOST_LENGTH - 9)), digest.getValue());
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException | RuntimeException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException ex) {
                return "unknown";
            }
        }
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | RuntimeException ex) {
            return "";
        }
    }
}
