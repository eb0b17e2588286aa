package dev.larder.store.log;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a directory: a lock of the operating system on its file {@code lock}, in which stands who has it. The system
 * takes the lock away from a process that ends, however it does.
 *
 * <p>A process must not open the file a second time while it has the lock: closing it would give the lock back.
 */
final class Owner implements AutoCloseable {

    private static final String NAME = "lock";

    /** Behind what stands in the file, so that others can read it where locks keep them from that. */
    private static final long POSITION = Long.MAX_VALUE - 1;

    /** Not longer: a restarted application should not wait for nothing. Not shorter: nobody waits for microseconds. */
    private static final long RETRY_NANOS = 50_000_000;

    private static final int MAX_TEXT = 1024;

    /** Not shorter: clocks are corrected by seconds. Not longer: the ids of processes come again after minutes. */
    private static final Duration CORRECTION = Duration.ofSeconds(10);

    private static final String TEXT =
            "\\{\"larder\":1,\"host\":\"([^\"]*)\",\"pid\":([0-9]{1,18}),\"started\":\"([^\"]*)\"}";

    private static final Set<StandardOpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final FileChannel channel;

    private Owner(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the right if nobody has it, waiting so long; null if somebody still has it then. */
    static @Nullable Owner acquire(Path directory, Duration wait) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            long deadline = System.nanoTime() + wait.toNanos();
            while (true) {
                Owner owner = tryAcquire(directory);
                if (owner != null || System.nanoTime() - deadline >= 0) {
                    return owner;
                }
                LockSupport.parkNanos(RETRY_NANOS);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable Owner tryAcquire(Path directory) throws IOException {
        Path path = directory.resolve(NAME);
        FileChannel channel = FileChannel.open(path, OPTIONS, Permissions.of(path));
        try {
            FileLock lock = channel.tryLock(POSITION, 1, false);
            if (lock != null) {
                byte[] text = text().getBytes(StandardCharsets.UTF_8);
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(text), 0);
                return new Owner(channel);
            }
        } catch (OverlappingFileLockException ex) {
            // Somebody in this process has it, by a way that is not known to be the same directory.
        } catch (IOException | RuntimeException ex) {
            channel.close();
            throw ex;
        }
        channel.close();
        return null;
    }

    private static String text() {
        ProcessHandle self = ProcessHandle.current();
        Instant started = self.info().startInstant().orElse(Instant.EPOCH);
        return "{\"larder\":1,\"host\":\"" + host() + "\",\"pid\":" + self.pid() + ",\"started\":\"" + started
                + "\"}\n";
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "_");
        } catch (UnknownHostException ex) {
            return "unknown";
        }
    }

    /** What the one that has the directory wrote about itself. */
    static String holder(Path directory) {
        try {
            Path path = directory.resolve(NAME);
            String text =
                    Files.size(path) > MAX_TEXT ? "" : Files.readString(path).trim();
            return text.startsWith("{") ? text : "a process that did not say which";
        } catch (IOException | RuntimeException ex) {
            return "a process that does not say which";
        }
    }

    /** Whether the process that wrote this about itself may be alive; so are all of other hosts. */
    static boolean mayLive(String holder) {
        Matcher matcher = Pattern.compile(TEXT).matcher(holder);
        if (!matcher.matches()) {
            return false;
        }
        return !matcher.group(1).equals(host())
                || ProcessHandle.of(Long.parseLong(matcher.group(2)))
                        .filter(ProcessHandle::isAlive)
                        .flatMap(process -> process.info().startInstant())
                        .filter(start -> isNear(start, matcher.group(3)))
                        .isPresent();
    }

    /** What a process wrote about itself, for people. */
    static String shown(String holder) {
        Matcher matcher = Pattern.compile(TEXT).matcher(holder);
        return matcher.matches() ? "process %s on %s".formatted(matcher.group(2), matcher.group(1)) : holder;
    }

    /** The system computes the start from its clock, which is corrected from time to time. */
    private static boolean isNear(Instant start, String text) {
        try {
            return Duration.between(start, Instant.parse(text)).abs().compareTo(CORRECTION) < 0;
        } catch (DateTimeParseException ex) {
            return false;
        }
    }

    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(NAME));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
