package dev.larder.store.log;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
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

    /**
     * Open files of locks that others in this process have, by a way that is not known here: other classes of the same names, or another
     * path. Until these are locked here they stay open, since closing one would give the lock of the others back.
     */
    private static final Map<Object, FileChannel> taken = new HashMap<>();

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
                try {
                    Owner owner = tryAcquire(directory);
                    if (owner != null || System.nanoTime() - deadline >= 0) {
                        return owner;
                    }
                    LockSupport.parkNanos(RETRY_NANOS);
                } catch (ClosedByInterruptException ex) {
                    // Once more, without the interrupt.
                }
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes the right to a directory that was just made; null if another process took it for one that is left over. */
    static @Nullable Owner acquireNew(Path directory) throws IOException {
        try {
            Owner owner = acquire(directory, Duration.ZERO);
            if (owner == null || Files.exists(directory.resolve(NAME))) {
                return owner;
            }
            owner.close();
        } catch (NoSuchFileException ex) {
            // It is deleted.
        }
        return null;
    }

    private static @Nullable Owner tryAcquire(Path directory) throws IOException {
        synchronized (taken) {
            Path path = directory.resolve(NAME);
            FileChannel left = taken.remove(key(path));
            FileChannel channel = left != null ? left : FileChannel.open(path, OPTIONS, Permissions.of(path));
            try {
                FileLock lock = channel.tryLock(POSITION, 1, false);
                if (lock != null) {
                    tell(channel);
                    return new Owner(channel);
                }
            } catch (OverlappingFileLockException ex) {
                taken.put(key(path), channel);
                return null;
            } catch (IOException | RuntimeException ex) {
                channel.close();
                throw ex;
            }
            channel.close();
            return null;
        }
    }

    /** What tells the file from others, however it is reached; its path where the system has nothing. */
    private static Object key(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key == null ? path : key;
        } catch (IOException ex) {
            return path;
        }
    }

    /** A full disk keeps nobody from reading what is there. */
    private static void tell(FileChannel channel) throws IOException {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException ex) {
            if (!channel.isOpen()) {
                throw ex;
            }
        }
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
            synchronized (taken) {
                if (taken.containsKey(key(path))) {
                    return text().trim();
                }
            }
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

    /** Moves a directory aside that is where the lock should be. */
    static void makeWay(Path directory) throws IOException {
        Directories.makeWayForFile(directory.resolve(NAME));
    }

    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(NAME));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
