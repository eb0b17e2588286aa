package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.SEGMENT;
import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.StoreStats;
import dev.larder.store.contract.Threads;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does when the disk fails, fills, or is changed by somebody else, and when threads are interrupted. */
class LogStoreFaultTests {

    private final LogSetup setup = new LogSetup();

    private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Stores.newDirectory(parent);
    }

    /** On a disk that maps no files, since in a map no call can fail. */
    private LogStore openFaulty() {
        disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.MAP));
        return setup.open(disk.over(directory));
    }

    private LogStore reopenKilled() {
        return setup.open(Stores.copy(directory, parent));
    }

    @Test
    void worksWithoutMaps() {
        try (LogStore store = openFaulty()) {
            for (int i = 0; i < 500; i++) {
                store.put("key" + i, value(i, 1000));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(store.get("key" + i)).isEqualTo(value(i, 1000));
            }
        }
    }

    @Test
    void readThatFailsIsAMissAndNoLoss() {
        try (LogStore store = openFaulty()) {
            store.put("key", bytes("value"));
            disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.READ));
            assertThat(store.get("key")).isNull();
            assertThat(setup.failures.counts()).containsOnlyKeys("read");
            disk.faults().clear();
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
    }

    @Test
    void damagedRecordIsAMissForGood() {
        try (LogStore store = openFaulty()) {
            store.put("key", bytes("old"));
            store.put("key", bytes("new"));
            disk.faults()
                    .inject(
                            Fault.flipped(SegmentHeader.LENGTH + 2 * 64 + RecordFormat.HEADER + 4),
                            Call.of(Operation.READ));
            assertThat(store.get("key")).isNull();
            disk.faults().clear();
            assertThat(store.get("key")).isNull();
            assertThat(store.size()).isZero();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("key")).isNull();
            }
        }
    }

    /** Else somebody removes what seems to be gone, leaves no tombstone, and finds it again. */
    @Test
    void damagedRecordIsBuriedThoughTheTombstoneHasToBeTriedAgain() {
        try (LogStore before = setup.open(directory)) {
            for (int i = 0; i < 200; i++) {
                before.put("key" + i, value(i, 1000)); // in segments that go before the last one
            }
        }
        try (LogStore store = openFaulty()) {
            store.put("key", bytes("value"));
            disk.faults()
                    .inject(
                            Fault.flipped(SegmentHeader.LENGTH + 64 + RecordFormat.HEADER + 4),
                            Call.of(Operation.READ));
            disk.faults().injectAt(1, Fault.fullDisk(), Call.of(Operation.WRITE));
            assertThat(store.get("key")).isNull();
            disk.faults().clear();
            store.remove("key");
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("key")).isNull();
                assertThat(killed.get("key199")).isNotNull();
            }
        }
    }

    @Test
    void writeThatFailsOnceIsTriedElsewhere() {
        try (LogStore store = openFaulty()) {
            store.put("key", bytes("old"));
            store.put("other", bytes("value"));
            disk.faults().injectAt(1, Fault.fullDisk(), Call.of(Operation.WRITE));
            store.put("key", bytes("new"));
            assertThat(text(store.get("key"))).isIn("new", null);
            try (LogStore killed = reopenKilled()) {
                assertThat(text(killed.get("key"))).isEqualTo(text(store.get("key")));
            }
            assertThat(setup.failures.counts()).containsKey("write");
        }
    }

    @Test
    void onAFullDiskNothingThatWasReplacedOrRemovedComesBack() {
        try (LogStore store = openFaulty()) {
            for (int i = 0; i < 200; i++) {
                store.put("key" + i, value(i, 1000));
            }
            disk.faults().inject(Fault.fullDisk(), Call.of(Operation.WRITE, Operation.CREATE));
            store.put("key150", bytes("new"));
            store.remove("key199");
            assertThat(store.get("key150")).isNull();
            assertThat(store.remove("key199")).isFalse();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("key150")).isNull();
                assertThat(killed.get("key199")).isNull();
            }
            assertThat(store.logStats().readOnly()).isTrue();
            disk.faults().clear();
            setup.clock.advanceMillis(1001);
            store.put("key150", bytes("newer"));
            assertThat(text(store.get("key150"))).isEqualTo("newer");
            assertThat(store.logStats().readOnly()).isFalse();
            assertCountsAddUp(store);
        }
    }

    @Test
    void onAFullDiskClearHolds() {
        try (LogStore store = openFaulty()) {
            store.put("key", bytes("value"));
            disk.faults().inject(Fault.fullDisk(), Call.of(Operation.WRITE, Operation.CREATE));
            assertThat(store.clear()).isTrue();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("key")).isNull();
            }
        }
    }

    @Test
    void anyCallThatFailsOnceUncoversNothing() {
        for (int call = 1; call < 120; call++) {
            Path tried = Stores.newDirectory(parent);
            FaultyFileSystem failing = new FaultyFileSystem(FileSystems.getDefault());
            LogSetup own = new LogSetup();
            LogStore store = own.open(failing.over(tried));
            for (int i = 0; i < 40; i++) {
                store.put("key" + i % 8, value(i, 4000));
            }
            Faults.Rule rule = failing.faults().injectAt(call, Fault.inputOutputError(), Call.any());
            for (int i = 40; i < 80; i++) {
                if (i % 5 == 4) {
                    store.remove("key" + i % 8);
                } else {
                    store.put("key" + i % 8, value(i, 4000));
                }
                if (i % 10 == 0) {
                    own.scheduler.runAll();
                }
            }
            try (LogStore killed = own.open(Stores.copy(tried, parent))) {
                for (int key = 0; key < 8; key++) {
                    int last = 72 + key;
                    byte[] expected = last % 5 == 4 ? null : value(last, 4000);
                    assertThat(killed.get("key" + key))
                            .as("key%d, call %d", key, call)
                            .isIn(expected, null);
                    assertThat(store.get("key" + key))
                            .as("key%d, call %d", key, call)
                            .isIn(expected, null);
                }
            }
            assertCountsAddUp(store);
            store.close();
            if (!rule.isMet()) {
                return;
            }
        }
    }

    @Test
    void whatCouldNotBeSyncedIsWrittenElsewhere() {
        try (LogStore store =
                setup.at(disk.over(directory)).durability(Durability.ALWAYS).open()) {
            store.put("key", bytes("old"));
            store.put("other", bytes("value"));
            disk.faults()
                    .injectAt(
                            1,
                            Fault.inputOutputError(),
                            Call.of(Operation.FORCE).and(Call.about(".seg")));
            store.put("key", bytes("new"));
            assertThat(text(store.get("key"))).isEqualTo("new");
            assertThat(text(store.get("other"))).isEqualTo("value");
            assertThat(setup.failures.counts()).containsEntry("sync", 1L);
            assertThat(store.logStats().movedBytes()).isPositive();
            store.put("key", bytes("newer"));
            try (LogStore killed = reopenKilled()) {
                assertThat(text(killed.get("key"))).isEqualTo("newer");
            }
            assertCountsAddUp(store);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void removedEntryWhoseFileCouldNotBeFoundDoesNotComeBack(boolean removed) {
        setup.open(directory).put("key", value(1, 20_000)); // and killed
        Path killed = Stores.copy(directory, parent);
        disk.faults()
                .injectAt(1, Fault.inputOutputError(), Call.of(Operation.STAT).and(Call.about(".val")));
        try (LogStore store = setup.open(disk.over(killed))) {
            assertThat(store.get("key")).isNull();
            if (removed) {
                store.remove("key");
            } else {
                store.put("key", new Entry<>(bytes("new"), 0, 0, null)); // expired
            }
            try (LogStore last = setup.open(Stores.copy(killed, parent))) {
                assertThat(last.get("key")).isNull();
            }
        }
    }

    /** A second writer comes to where the first one's record would have been. */
    @Test
    void fileOfALargeValueThatIsTriedAgainIsNoOtherOnes() {
        try (LogStore store =
                setup.at(disk.over(directory)).durability(Durability.INTERVAL).open()) {
            for (int i = 0; i < 200; i++) {
                store.put("key" + i, value(i, 1000)); // in segments that go before the last one
            }
            store.put("large", value(0, 20_000));
            setup.scheduler.runAll();
            disk.faults()
                    .injectAt(
                            1,
                            Fault.inputOutputError(),
                            Call.of(Operation.FORCE).and(call -> call.path().endsWith("large")));
            disk.faults()
                    .injectAt(
                            1,
                            call -> store.put("second", value(2, 20_000)),
                            Call.of(Operation.DELETE).and(Call.about(".seg")));
            store.put("first", value(1, 20_000));
            assertThat(store.get("first")).isEqualTo(value(1, 20_000));
            assertThat(store.get("second")).isEqualTo(value(2, 20_000));
        }
    }

    @Test
    void alwaysSyncsBeforeAWriteReturns() {
        Faults.Rule rule =
                disk.faults().inject(call -> {}, Call.of(Operation.FORCE).and(Call.about(".seg")));
        try (LogStore store =
                setup.at(disk.over(directory)).durability(Durability.ALWAYS).open()) {
            for (int i = 0; i < 10; i++) {
                long before = rule.matched();
                store.put("key" + i, bytes("value"));
                assertThat(rule.matched()).isGreaterThan(before);
            }
            long before = rule.matched();
            store.remove("key1");
            assertThat(rule.matched()).isGreaterThan(before);
        }
    }

    @Test
    void intervalSyncsInTheBackground() {
        Faults.Rule rule =
                disk.faults().inject(call -> {}, Call.of(Operation.FORCE).and(Call.about(".seg")));
        try (LogStore store =
                setup.at(disk.over(directory)).durability(Durability.INTERVAL).open()) {
            store.put("key", bytes("value"));
            long before = rule.matched();
            store.put("key", bytes("value"));
            assertThat(rule.matched()).isEqualTo(before);
            setup.scheduler.runAll();
            assertThat(rule.matched()).isGreaterThan(before);
        }
    }

    @Test
    void cutSegmentIsAMiss() throws IOException {
        try (LogStore store = setup.open(directory)) {
            store.put("key", value(1, 10_000));
            store.put("other", value(2, 10_000));
            assertThat(store.get("other")).isNotNull();
            Path segments = directory.resolve("shard-0-of-1").resolve("segments");
            try (Stream<Path> files = Files.list(segments)) {
                for (Path segment : files.toList()) {
                    try (SteadyFile file = SteadyFile.write(segment)) {
                        file.truncate(4096);
                    }
                }
            }
            for (int i = 0; i < 20_000; i++) {
                assertThat(store.get("other")).isNull();
            }
        }
    }

    @Test
    void interruptsDisturbNothing() {
        try (LogStore mapped = setup.open(Stores.newDirectory(parent));
                LogStore faulty = openFaulty()) {
            for (LogStore store : new LogStore[] {mapped, faulty}) {
                AtomicInteger wrong = new AtomicInteger();
                AtomicBoolean done = new AtomicBoolean();
                Thread[] workers = new Thread[4];
                AtomicInteger ready = new AtomicInteger();
                Threads.run(5, thread -> {
                    if (thread == 4) {
                        while (ready.get() < 4) {
                            Thread.onSpinWait();
                        }
                        while (!done.get()) {
                            workers[(int) (System.nanoTime() & 3)].interrupt();
                        }
                        return;
                    }
                    workers[thread] = Thread.currentThread();
                    ready.incrementAndGet();
                    for (int i = 0; i < 2000; i++) {
                        String key = thread + "/" + i % 50;
                        store.put(key, value(i, 500));
                        if (!java.util.Arrays.equals(store.get(key), value(i, 500))) {
                            wrong.incrementAndGet();
                        }
                    }
                    if (ready.incrementAndGet() == 8) {
                        done.set(true);
                    }
                    Thread.interrupted();
                });
                assertThat(wrong).hasValue(0);
            }
            assertThat(setup.failures.counts()).isEmpty();
        }
    }

    @Test
    void interruptIsRestored() {
        try (LogStore store = setup.open(directory)) {
            Thread.currentThread().interrupt();
            store.put("key", bytes("value"));
            assertThat(text(store.get("key"))).isEqualTo("value");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void assertCountsAddUp(LogStore store) {
        StoreStats stats = store.stats();
        assertThat(stats.puts() - stats.replaced() - stats.removed() - stats.expired() - stats.evicted())
                .isEqualTo(stats.size());
        assertThat(store.stats().weight()).isLessThan(100 * SEGMENT);
    }

    /** All bytes of the record were written, and then nothing can be: neither a footer nor another segment says where the log ends. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recordThatWasWrittenInSpiteOfAnErrorDoesNotComeBack(boolean removed) {
        LogStore store = setup.open(disk.over(directory));
        for (int i = 0; i < 900; i++) {
            store.put("other" + i, value(i, 1000)); // more segments than go for lack of room
        }
        AtomicBoolean broken = new AtomicBoolean();
        Fault whenBroken = call -> {
            if (broken.get()) {
                Fault.inputOutputError().before(call);
            }
        };
        Fault breaks = call -> {
            broken.set(true);
            whenBroken.before(call);
        };
        disk.faults()
                .inject(whenBroken, Call.of(Operation.WRITE, Operation.CREATE, Operation.MOVE, Operation.TRUNCATE));
        disk.faults().injectAt(1, Fault.afterwards(breaks), Call.of(Operation.WRITE));
        store.put("key", bytes("older"));
        if (removed) {
            store.remove("key");
        } else {
            store.put("key", bytes("newer"));
        }
        try (LogStore killed = reopenKilled()) {
            assertThat(killed.get("key")).isNull();
        }
        disk.faults().clear();
        store.close();
    }

    @Test
    void whatIsRemovedFromAShardThatCannotBeOpenedDoesNotComeBackWithTheNextProcess() {
        try (LogStore store = setup.at(directory).shards(2).open()) {
            store.put("key", bytes("value"));
        }
        disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.LIST).and(Call.about("segments")));
        LogStore store = setup.at(disk.over(directory)).shards(2).open();
        store.remove("key");
        try (LogStore killed =
                setup.at(Stores.copy(directory, parent)).shards(2).open()) {
            assertThat(killed.get("key")).isNull();
        }
        disk.faults().clear();
        assertThat(store.get("key")).isNull();
        store.close();
    }
}
