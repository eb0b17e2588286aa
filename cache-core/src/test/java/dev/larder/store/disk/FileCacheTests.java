package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.larder.store.LoadLease;
import dev.larder.store.Payload;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.Threads;
import dev.larder.store.disk.FileCache.Fetcher;
import dev.larder.store.disk.FileCache.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTests {

    private final ManualClock clock = new ManualClock();

    private final AtomicInteger fetched = new AtomicInteger();

    private final Fetcher fetcher = (key, target) -> Files.writeString(target, key + " " + fetched.incrementAndGet());

    @TempDir
    private Path directory;

    private DiskStore<Payload> store;

    private FileCache cache;

    @BeforeEach
    void open() {
        store = open(Long.MAX_VALUE);
        cache = FileCache.over(store);
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private DiskStore<Payload> open(long maxEntries) {
        return DiskStore.files(directory)
                .maxEntries(maxEntries)
                .clock(clock)
                .scheduler(new ManualScheduler())
                .build();
    }

    @Test
    void fetchedFileIsItsOwnersOnly() throws IOException {
        Path file = cache.getOrFetch(
                "a",
                (key, target) -> Files.setPosixFilePermissions(
                        Files.createFile(target), PosixFilePermissions.fromString("rw-rw-rw-")),
                Validator.NONE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void secondCallGetsTheSameFile() throws IOException {
        Path first = cache.getOrFetch("key", fetcher, Validator.NONE);
        assertThat(first).hasContent("key 1");
        assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).isEqualTo(first);
    }

    @Test
    void fetchedFileIsMovedAndNotCopied() throws IOException {
        Path file = cache.getOrFetch("key", fetcher, Validator.NONE);
        assertThat(entryFiles()).as("the manifest and the file").hasSize(2).contains(file);
    }

    @Test
    void hitDoesNotValidate() throws IOException {
        cache.getOrFetch("key", fetcher, Validator.NONE);
        assertThat(cache.getOrFetch("key", fetcher, file -> {
                    throw new IOException("no good");
                }))
                .hasContent("key 1");
    }

    @Test
    void fileIsValidatedBeforeAnybodySeesIt() throws IOException {
        Path file = cache.getOrFetch("key", fetcher, staged -> {
            assertThat(staged).hasContent("key 1");
            assertThat(store.contains("key")).isFalse();
        });
        assertThat(file).hasContent("key 1");
    }

    @Test
    void invalidFileLeavesNothingBehindAndIsFetchedAgain() throws IOException {
        assertThatExceptionOfType(InvalidPayloadException.class)
                .isThrownBy(() -> cache.getOrFetch("key", fetcher, file -> {
                    throw new IOException("no good");
                }))
                .withMessageContaining("key")
                .withMessageContaining("no good");
        assertThat(entryFiles()).isEmpty();
        assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 2");
    }

    @Test
    void failedFetchLeavesNothingBehindAndIsTriedAgain() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> cache.getOrFetch(
                        "key",
                        (key, target) -> {
                            Files.writeString(target, "half");
                            throw new IOException("connection reset");
                        },
                        Validator.NONE))
                .withMessage("connection reset");
        assertThat(entryFiles()).isEmpty();
        assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 1");
    }

    @Test
    void sixteenThreadsFetchOnce() {
        Set<Path> paths = ConcurrentHashMap.newKeySet();
        Threads.run(16, thread -> paths.add(cache.getOrFetch("key", fetcher, Validator.NONE)));
        assertThat(fetched).hasValue(1);
        assertThat(paths).hasSize(1);
    }

    /** A closed store gives the lease to everybody, and keeps nothing. */
    @Test
    void threadsFetchOnceWhereThereAreNoLeases() {
        cache.close();
        CountDownLatch fetching = new CountDownLatch(1);
        AtomicReference<Thread> second = new AtomicReference<>();
        AtomicBoolean answered = new AtomicBoolean();
        Threads.run(2, thread -> {
            if (thread == 0) {
                cache.getOrFetch(
                        "key",
                        (key, target) -> {
                            fetching.countDown();
                            while (!waits(second.get()) && !answered.get()) {
                                Thread.onSpinWait();
                            }
                            fetcher.fetch(key, target);
                        },
                        Validator.NONE);
            } else {
                await(fetching);
                second.set(Thread.currentThread());
                assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 1");
                answered.set(true);
            }
        });
        assertThat(fetched).hasValue(1);
    }

    private static boolean waits(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void leaseOfAnotherIsWaitedForNoLongerThanTheBound() throws IOException {
        try (DiskStore<Payload> other = open(Long.MAX_VALUE);
                LoadLease lease = other.tryBeginLoad("key")) {
            assertThat(lease).isNotNull();
            assertThat(cache.withMaxWait(Duration.ofMillis(1)).getOrFetch("key", fetcher, Validator.NONE))
                    .hasContent("key 1");
        }
    }

    @Test
    void fetchOfAnotherThreadIsWaitedForNoLongerThanTheBound() {
        FileCache hasty = cache.withMaxWait(Duration.ofMillis(1));
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Threads.run(2, thread -> {
            if (thread == 0) {
                hasty.getOrFetch(
                        "key",
                        (key, target) -> {
                            fetching.countDown();
                            await(answered);
                            Files.writeString(target, "slow");
                        },
                        Validator.NONE);
            } else {
                await(fetching);
                assertThat(hasty.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 1");
                answered.countDown();
            }
        });
    }

    @Test
    void whatAnotherProcessPutWhileThisOneWaitedIsNotFetched() throws IOException {
        try (DiskStore<Payload> other = open(Long.MAX_VALUE);
                LoadLease lease = other.tryBeginLoad("key")) {
            assertThat(lease).isNotNull();
            Threads.run(2, thread -> {
                if (thread == 0) {
                    other.put("key", PayloadTextStore.payload("theirs"));
                } else {
                    assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).hasContent("theirs");
                }
            });
        }
        assertThat(fetched).hasValue(0);
    }

    @Test
    void fileOfALifeIsFetchedAgainAfterIt() throws IOException {
        FileCache living = cache.withLife(Duration.ofMinutes(1));
        Path first = living.getOrFetch("key", fetcher, Validator.NONE);
        clock.advance(Duration.ofMinutes(1));
        assertThat(living.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 2");
        assertThat(first).as("given out, and kept for its reader").hasContent("key 1");
    }

    @Test
    void newestFilesAreKept() throws IOException {
        cache.close();
        store = open(2);
        cache = FileCache.over(store);
        for (String key : List.of("a", "b", "c")) {
            cache.getOrFetch(key, fetcher, Validator.NONE);
        }
        assertThat(store.contains("a")).isFalse();
        assertThat(store.contains("b")).isTrue();
        assertThat(store.contains("c")).isTrue();
    }

    @Test
    void closedCacheFetchesAndKeepsNothing() throws IOException {
        cache.close();
        assertThat(cache.getOrFetch("key", fetcher, Validator.NONE)).hasContent("key 1");
        assertThat(store.contains("key")).isFalse();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IOException(ex);
        }
    }

    private List<Path> entryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("entries"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
