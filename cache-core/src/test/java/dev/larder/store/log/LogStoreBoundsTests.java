package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.SEGMENT;
import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.store.Entry;
import dev.larder.store.StoreStats;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is on disk, what goes when it is too much, and what stays. */
class LogStoreBoundsTests {

    private static final long MAX_SIZE = 16 * SEGMENT;

    private final LogSetup setup = new LogSetup();

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Stores.newDirectory(parent);
    }

    private LogStore openBounded() {
        return setup.at(directory).maxSize(MAX_SIZE).open();
    }

    private LogStore reopenKilled() {
        return setup.at(Stores.copy(directory, parent)).maxSize(MAX_SIZE).open();
    }

    private static void assertCountsAddUp(LogStore store) {
        StoreStats stats = store.stats();
        assertThat(stats.puts() - stats.replaced() - stats.removed() - stats.expired() - stats.evicted())
                .isEqualTo(stats.size());
    }

    @Test
    void filesAreNeverLongerThanTheBoundAndASegment() {
        try (LogStore store = openBounded()) {
            for (int i = 0; i < 5000; i++) {
                store.put("key" + i, value(i, 1000));
                if (i % 3 == 0) {
                    setup.scheduler.runAll();
                }
                if (i % 50 == 0) {
                    long bytes = Stores.bytes(directory.resolve("shard-0-of-1").resolve("segments"));
                    assertThat(bytes).isLessThanOrEqualTo(MAX_SIZE + SEGMENT);
                    assertThat(store.stats().weight()).isEqualTo(bytes);
                }
            }
            assertThat(store.size()).isBetween(700L, 1000L);
            assertCountsAddUp(store);
        }
    }

    @Test
    void withoutBackgroundTheBoundHoldsToo() {
        try (LogStore store = openBounded()) {
            for (int i = 0; i < 3000; i++) {
                store.put("key" + i, value(i, 1000));
            }
            assertThat(store.stats().weight()).isLessThanOrEqualTo(MAX_SIZE + SEGMENT);
            assertThat(store.get("key2999")).isEqualTo(value(2999, 1000));
            assertThat(store.get("key0")).isNull();
            assertCountsAddUp(store);
        }
    }

    @Test
    void whatIsUsedStaysAndWhatIsNotGoes() {
        try (LogStore store = openBounded()) {
            for (int i = 0; i < 100; i++) {
                store.put("used" + i, value(i, 1000));
            }
            for (int i = 0; i < 5000; i++) {
                store.put("key" + i, value(i, 1000));
                assertThat(store.get("used" + i % 100)).as("after %d", i).isEqualTo(value(i % 100, 1000));
                setup.scheduler.runAll();
            }
            assertThat(store.get("key0")).isNull();
            assertThat(store.logStats().writeAmplification()).isLessThanOrEqualTo(1.4);
            assertCountsAddUp(store);
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.size()).isEqualTo(store.size());
                for (int i = 0; i < 100; i++) {
                    assertThat(killed.get("used" + i)).isEqualTo(value(i, 1000));
                }
            }
        }
    }

    @Test
    void writeAmplificationIsBoundedWhenMuchIsUsed() {
        try (LogStore store = openBounded()) {
            for (int i = 0; i < 5000; i++) {
                store.put("key" + i, value(i, 1000));
                if (i % 2 == 0) {
                    store.get("key" + i);
                    store.get("key" + i);
                    store.get("key" + (i - 300));
                }
                setup.scheduler.runAll();
            }
            assertThat(store.logStats().movedBytes()).isPositive();
            assertThat(store.logStats().writeAmplification()).isLessThanOrEqualTo(1.4);
        }
    }

    @Test
    void removedEntriesDoNotComeBackWhenTheirTombstonesAreMoved() {
        try (LogStore store = openBounded()) {
            Random random = new Random(42);
            boolean[] there = new boolean[300];
            for (int i = 0; i < 20_000; i++) {
                int number = random.nextInt(there.length);
                there[number] = random.nextBoolean();
                if (there[number]) {
                    store.put("key" + number, value(number, 200));
                } else {
                    store.remove("key" + number);
                }
                if (i % 20 == 0) {
                    setup.scheduler.runAll();
                }
                if (i % 2000 == 0) {
                    assertSame(there, reopenKilled());
                }
            }
            assertSame(there, reopenKilled());
            assertThat(store.logStats().segments()).isLessThan(8);
            assertCountsAddUp(store);
        }
    }

    private void assertSame(boolean[] there, LogStore reopened) {
        try (reopened) {
            for (int number = 0; number < there.length; number++) {
                byte[] value = reopened.get("key" + number);
                assertThat(value).as("key%d", number).isEqualTo(there[number] ? value(number, 200) : null);
            }
        }
    }

    @Test
    void overwrittenBytesAreGivenBackWithoutABound() {
        try (LogStore store = setup.open(directory)) {
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 1000; i++) {
                    store.put("key" + i, value(i + round, 1000));
                    if (i % 20 == 0) {
                        setup.scheduler.runAll();
                    }
                }
            }
            setup.scheduler.runAll();
            long live = store.logStats().liveBytes();
            assertThat(store.stats().weight()).isLessThanOrEqualTo((long) (1.3 * live) + 2 * SEGMENT);
            for (int i = 0; i < 1000; i++) {
                assertThat(store.get("key" + i)).isEqualTo(value(i + 5, 1000));
            }
            assertCountsAddUp(store);
            assertThat(setup.failures.counts()).isEmpty();
        }
    }

    @Test
    void expiredEntriesLeaveAndTheirBytesAreGivenBack() {
        try (LogStore store = setup.open(directory)) {
            for (int i = 0; i < 1000; i++) {
                store.put("key" + i, Entry.of(value(i, 1000), setup.clock.millis() + 5000));
            }
            store.put("last", bytes("value"));
            setup.clock.advanceMillis(6000);
            for (int i = 0; i < 40; i++) {
                setup.scheduler.runAll();
            }
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.stats().expired()).isEqualTo(1000);
            assertThat(store.stats().weight()).isLessThan(4 * SEGMENT);
            assertThat(text(store.get("last"))).isEqualTo("value");
        }
    }

    @Test
    void largeValuesAreFilesThatGoWithTheirEntries() {
        try (LogStore store = openBounded()) {
            byte[] large = value(1, SEGMENT / 2);
            store.put("large", new Entry<>(large, Entry.FOREVER, Entry.FOREVER, "etag"));
            assertThat(store.get("large")).isEqualTo(large);
            assertThat(store.entry("large").etag()).isEqualTo("etag");
            assertThat(largeFiles()).isGreaterThan(large.length);
            assertThat(store.touch("large", Entry.FOREVER, Entry.FOREVER)).isTrue();
            assertThat(store.get("large")).isEqualTo(large);
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("large")).isEqualTo(large);
                assertThat(killed.stats().weight()).isGreaterThan(large.length);
            }
            store.put("large", bytes("small"));
            assertThat(largeFiles()).isZero();
            store.put("large", large);
            assertThat(store.pop("large")).isEqualTo(large);
            assertThat(largeFiles()).isZero();
            store.put("large", large);
            store.clear();
            assertThat(largeFiles()).isZero();
            assertCountsAddUp(store);
        }
    }

    @Test
    void largeValuesAreBoundedAndMovedWhenUsed() {
        try (LogStore store = openBounded()) {
            store.put("used", value(7, SEGMENT / 2));
            for (int i = 0; i < 200; i++) {
                store.put("key" + i, value(i, SEGMENT / 2));
                assertThat(store.stats().weight()).isLessThanOrEqualTo(MAX_SIZE + SEGMENT);
                setup.scheduler.runAll();
            }
            assertThat(store.size()).isBetween(10L, 32L);
            assertThat(store.get("key199")).isEqualTo(value(199, SEGMENT / 2));
            assertThat(Stores.bytes(directory.resolve("shard-0-of-1").resolve("large"))
                            + Stores.bytes(directory.resolve("shard-0-of-1").resolve("segments")))
                    .isEqualTo(store.stats().weight());
            assertCountsAddUp(store);
        }
    }

    @Test
    void valueLargerThanTheBoundIsNotKeptAndWhatItReplacesGoes() {
        try (LogStore store = openBounded()) {
            store.put("key", bytes("old"));
            store.put("key", new byte[(int) MAX_SIZE]);
            assertThat(store.get("key")).isNull();
            assertThat(store.putIfAbsent("key", Entry.of(new byte[(int) MAX_SIZE])))
                    .isNull();
            assertThat(store.size()).isZero();
            assertCountsAddUp(store);
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("key")).isNull();
            }
        }
    }

    @Test
    void boundWithoutRoomForSegmentsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.at(directory).maxSize(3 * SEGMENT).open())
                .withMessageContaining("maxSize " + 3 * SEGMENT)
                .withMessageContaining("segmentSize");
    }

    @Test
    void fewFilesAreOpenAtATime() {
        try (LogStore store = setup.at(directory).maxOpen(2).open()) {
            for (int i = 0; i < 2000; i++) {
                store.put("key" + i, value(i, 1000));
            }
            for (int i = 0; i < 2000; i += 7) {
                assertThat(store.get("key" + i)).isEqualTo(value(i, 1000));
                assertThat(store.get("key" + (1999 - i))).isEqualTo(value(1999 - i, 1000));
            }
        }
    }

    private long largeFiles() {
        Path large = directory.resolve("shard-0-of-1").resolve("large");
        return java.nio.file.Files.exists(large) ? Stores.bytes(large) : 0;
    }
}
