package dev.larder.store.disk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A process that writes to a store, as its temporary files, ledgers and locks name it:
 *
 * <pre>
 * host_namespace-pid-start          start: when the process started, in seconds since the epoch
 * .tmp-host_namespace-pid-start-n   a temporary file; n: hexadecimal, unique in the process and random at its start
 * </pre>
 *
 * <p>The namespace is that of process ids (Linux): two containers may share a host name, and then have different ones.
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

    /** Start times are told to the second, and by a boot time that is corrected as the clock is. */
    private static final long START_SLACK_SECONDS = 3;

    private static final Pattern TEXT = Pattern.compile("([a-z0-9._]{1,60})-([0-9]{1,10})-([0-9]{1,12})");

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

    /** Hexadecimal digits that this process gives once. */
    static String unique() {
        return Long.toHexString(next.getAndIncrement());
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
        return started != 0 && start != 0 && Math.abs(started - start) > START_SLACK_SECONDS;
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    private static String findHost() {
        String host = hostName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "_");
        String namespace = processNamespace();
        return host.substring(0, Math.min(host.length(), HOST_LENGTH - 20)) + "_" + namespace;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException ex) {
            return "unknown";
        }
    }

    private static String processNamespace() {
        try {
            String digits = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                    .toString()
                    .replaceAll("[^0-9]", "");
            return digits.substring(0, Math.min(digits.length(), 19));
        } catch (IOException | RuntimeException ex) {
            return "0";
        }
    }
}
