package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import dev.larder.store.Payload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Large files by key: fetched once, by one of all threads and processes that ask, validated once, and then given to everybody as
 * a path. Built on a {@link DiskStore} of files, whose bounds hold here too: {@code maxEntries(n)} keeps the newest n.
 *
 * <p>A file that was given out must not be changed. It stays for the {@linkplain DiskStore.Builder#payloadGrace grace} of the
 * store when its entry goes, and for as long as somebody has it open where the file system allows that.
 *
 * <p>Thread-safe.
 */
public final class FileCache implements AutoCloseable {

    /** Not shorter: large files take a while to fetch. Not longer: a caller would rather have two fetches than none. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    /** Not shorter: each look is some calls of the file system, perhaps over a network. Not longer: a caller waits for it. */
    private static final long LOOK_MILLIS = 50;

    private final ConcurrentMap<String, CompletableFuture<Path>> fetches = new ConcurrentHashMap<>();

    private final DiskStore<Payload> store;

    private final InstantSource clock;

    private final @Nullable Duration life;

    private final Duration maxWait;

    private FileCache(DiskStore<Payload> store, @Nullable Duration life, Duration maxWait) {
        this.store = store;
        this.clock = store.clock();
        this.life = life;
        this.maxWait = maxWait;
    }

    /** A cache of files that do not expire. Closing it closes the store. */
    public static FileCache over(DiskStore<Payload> store) {
        return new FileCache(Objects.requireNonNull(store, "store"), null, MAX_WAIT);
    }

    /** The same cache, whose files are fetched again when they are so old; to be closed once. */
    public FileCache withLife(Duration other) {
        if (other.isNegative() || other.isZero()) {
            throw new IllegalArgumentException("A life time must be positive, but was %s".formatted(other));
        }
        return new FileCache(store, other, maxWait);
    }

    /** The same cache, in which a call waits so long at most for another one that fetches; five minutes unless said otherwise. */
    public FileCache withMaxWait(Duration other) {
        return new FileCache(store, life, Objects.requireNonNull(other, "maxWait"));
    }

    /** Gets a file from where it is. */
    @FunctionalInterface
    public interface Fetcher {

        /**
         * Writes the file.
         *
         * @param target does not exist, in a directory that does
         * @throws IOException if it cannot be got; it goes on to the caller of the cache
         */
        void fetch(String key, Path target) throws IOException;
    }

    /** Sees whether a file that was fetched is good. */
    @FunctionalInterface
    public interface Validator {

        /** Accepts every file. */
        Validator NONE = file -> {};

        /**
         * Returns if the file is good.
         *
         * @throws IOException if it is not; the message should say why
         */
        void validate(Path file) throws IOException;
    }

    /**
     * The file of a key. A hit takes no lock and does not validate. A miss fetches, unless another thread or process just does:
     * then it waits, at most as long as {@link #withMaxWait} says, and after that fetches as well.
     *
     * <p>When the disk fails after the file was fetched, the file is returned, but not kept.
     *
     * @throws InvalidPayloadException if the file that was fetched is not valid; nothing is kept
     * @throws IOException if the fetcher throws it
     */
    public Path getOrFetch(String key, Fetcher fetcher, Validator validator) throws IOException {
        Path hit = path(store.get(key));
        if (hit != null) {
            return hit;
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        CompletableFuture<Path> other = fetches.putIfAbsent(key, mine);
        if (other != null) {
            Path path = await(other);
            return path != null ? path : fetch(key, fetcher, validator);
        }
        try {
            Path path = fetchOnce(key, fetcher, validator);
            mine.complete(path);
            return path;
        } catch (IOException | RuntimeException | Error ex) {
            mine.completeExceptionally(ex);
            throw ex;
        } finally {
            fetches.remove(key, mine);
        }
    }

    /** The outcome of another thread, or null if that takes too long. */
    private @Nullable Path await(CompletableFuture<Path> other) throws IOException {
        try {
            return other.get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException ex) {
            return null;
        } catch (InterruptedException ex) {
            throw interrupted();
        } catch (ExecutionException ex) {
            if (ex.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (ex.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IOException("Another thread failed to fetch", ex.getCause());
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Interrupted while another thread or process fetches");
    }

    /** Fetches, unless another process does. */
    private Path fetchOnce(String key, Fetcher fetcher, Validator validator) throws IOException {
        long end = System.nanoTime() + maxWait.toNanos();
        while (true) {
            try (LoadLease lease = store.tryBeginLoad(key)) {
                boolean alone = lease != null || System.nanoTime() - end >= 0;
                Path found = lease == null || lease.lookAgain() ? look(key) : null;
                if (found != null) {
                    return found;
                }
                if (alone) {
                    return fetch(key, fetcher, validator);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException ex) {
                throw interrupted();
            }
        }
    }

    private Path fetch(String key, Fetcher fetcher, Validator validator) throws IOException {
        Path staged = store.stage(key);
        try {
            fetcher.fetch(key, staged);
            validate(key, staged, validator);
        } catch (IOException | RuntimeException | Error ex) {
            Files.deleteIfExists(staged);
            throw ex;
        }
        long until = life == null ? Entry.FOREVER : Entry.after(clock.millis(), life.toMillis());
        return DiskStore.adopt(store, key, staged, until);
    }

    private static void validate(String key, Path staged, Validator validator) throws IOException {
        try {
            validator.validate(staged);
        } catch (IOException | RuntimeException ex) {
            throw new InvalidPayloadException(key, ex);
        }
    }

    /** The file of a key, if it is there now. Not counted, since the same call has counted a miss. */
    private @Nullable Path look(String key) {
        Entry<Payload> entry = store.entry(key);
        return entry != null && entry.isFresh(clock.millis()) ? path(entry.value()) : null;
    }

    private static @Nullable Path path(@Nullable Payload payload) {
        return payload == null ? null : payload.path();
    }

    /** Closes the store. */
    @Override
    public void close() {
        store.close();
    }
}
