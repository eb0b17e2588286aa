package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import dev.larder.store.contract.faults.PowerLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be left of a store by a loss of power at a certain moment, in each of many ways. */
class LogStorePowerTests {

    private static final int LOSSES = 32;

    /** For what is tried at many moments. */
    private static final int FEW_LOSSES = 6;

    /** More than a quarter of a segment. */
    private static final int LARGE = 20_000;

    /** So many records of 1000 bytes fill a segment. */
    private static final int FULL = 62;

    private static final Predicate<Call> APPEND = Call.about(".seg").and(Call.of(Operation.WRITE));

    private static final Predicate<Call> SYNC_OF_STATE = Call.about("state.tmp").and(Call.of(Operation.FORCE));

    @TempDir
    private Path parent;

    /** A store from one loss of power to the next. */
    private static final class Run implements AutoCloseable {

        private final LogSetup setup = new LogSetup();

        private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

        private final PowerLoss power;

        private final LogStore store;

        private final int number;

        Run(Path directory, int number, Durability durability) throws IOException {
            this(directory, number, durability, new PowerLoss(directory));
        }

        private Run(Path directory, int number, Durability durability, PowerLoss power) {
            this.number = number;
            this.power = power;
            disk.faults().inject(power, Call.any());
            store = setup.at(disk.over(directory))
                    .durability(durability)
                    .bootId("run " + number)
                    .open();
        }

        /** Kills the process, and opens what it left on the machine that runs on. */
        Run restart(Path target, Durability durability) throws IOException {
            power.cut();
            return new Run(target, number, durability, power.moveOn(target));
        }

        /** Entries of 1000 bytes; returns the number of the next. */
        int fill(String name, int from, int count) {
            for (int i = from; i < from + count; i++) {
                store.put(name + i, value(i, 1000));
            }
            return from + count;
        }

        /** From now on no segment can be written. */
        void fillDisk() {
            disk.faults()
                    .inject(
                            Fault.fullDisk(),
                            Call.of(Operation.CREATE, Operation.WRITE).and(Call.about(".seg")));
        }

        void remove(String name, int from, int count) {
            for (int i = from; i < from + count; i++) {
                store.remove(name + i);
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** What is done in a run of the machine before power is lost, and what must be found in each case. */
    private void lose(Path directory, Durability durability, Consumer<Run> before, Consumer<Run> after)
            throws IOException {
        lose(directory, durability, LOSSES, before, after);
    }

    private void lose(Path directory, Durability durability, int losses, Consumer<Run> before, Consumer<Run> after)
            throws IOException {
        try (Run run = new Run(directory, 2, durability)) {
            before.accept(run);
            run.power.cut();
            for (int i = 0; i < losses; i++) {
                Path left = Stores.newDirectory(parent);
                run.power.restore(left, loss(i));
                try (Run next = new Run(left, 3, Durability.ALWAYS)) {
                    after.accept(next);
                }
            }
        }
    }

    /** A directory of a run that has ended in peace, so that all of it is on disk. */
    private Path prepare(Consumer<Run> before) throws IOException {
        Path directory = Stores.newDirectory(parent);
        try (Run run = new Run(directory, 1, Durability.ALWAYS)) {
            before.accept(run);
        }
        return directory;
    }

    /** The same, with an entry that is to be replaced, behind others that can go. */
    private Path prepareOld() throws IOException {
        return prepare(run -> {
            run.fill("other", 0, FULL);
            run.store.put("key", bytes("old"));
        });
    }

    /** The same, with an entry that was replaced, in a later segment. */
    private Path prepareReplaced(byte[] newest) throws IOException {
        return prepare(run -> {
            run.store.put("key", bytes("old"));
            run.fill("other", 0, FULL);
            run.store.put("key", newest);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void firstSyncedEntriesOfANewStoreStay(int length) throws IOException {
        lose(
                Stores.newDirectory(parent),
                Durability.ALWAYS,
                run -> {
                    run.store.put("first", bytes("value"));
                    run.store.put("key", value(1, length));
                },
                next -> assertThat(next.store.get("key")).isEqualTo(value(1, length)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS", "INTERVAL"})
    void largeValueStaysUntilWhatReplacedItIsSynced(Durability durability) throws IOException {
        lose(
                prepare(run -> run.store.put("key", value(1, LARGE))),
                durability,
                run -> run.store.put("key", bytes("new")),
                next -> assertThat(next.store.get("key")).isIn(value(1, LARGE), bytes("new")));
    }

    @ParameterizedTest
    @EnumSource
    void replacedLargeValueIsDeletedInTheEnd(Durability durability) throws IOException {
        Path directory = prepare(run -> run.store.put("key", value(1, LARGE)));
        try (Run run = new Run(directory, 2, durability)) {
            run.store.put("key", bytes("new"));
            run.setup.scheduler.runAll();
            assertThat(directory.resolve("shard-0-of-1").resolve("large")).isEmptyDirectory();
            assertThat(run.store.stats().weight()).isLessThan(4 * LogSetup.SEGMENT);
        }
    }

    /** The second segment, which told where the first one ends, goes; the footer of the first was not synced with its records. */
    @Test
    void segmentIsWholeWithoutTheOneThatFollowed() throws IOException {
        lose(
                Stores.newDirectory(parent),
                Durability.ALWAYS,
                run -> {
                    int filled = run.fill("old", 0, FULL);
                    run.setup.scheduler.runAll();
                    filled = run.fill("other", filled, 2 * FULL);
                    run.remove("other", FULL, 2 * FULL);
                    run.setup.scheduler.runAll();
                    assertThat(run.store.logStats().deadBytes()).isLessThan(4 * LogSetup.SEGMENT);
                },
                next -> {
                    for (int i = 0; i < FULL - 2; i++) {
                        assertThat(next.store.get("old" + i)).isEqualTo(value(i, 1000));
                    }
                });
    }

    @Test
    void footerThatSurvivedItsRecordsHidesNothing() throws IOException {
        lose(
                prepare(run -> run.store.put("key", bytes("old"))),
                Durability.INTERVAL,
                run -> {
                    run.store.put("key", value(1, 3000));
                    run.fill("other", 0, 3 * FULL);
                },
                next -> assertThat(next.store.get("key")).isIn(bytes("old"), value(1, 3000)));
    }

    @Test
    void storeThatDoesNotSyncKeepsWhatWasSynced() throws IOException {
        lose(
                prepare(run -> run.fill("key", 0, 20)),
                Durability.PROCESS,
                run -> {
                    run.fill("other", 20, 3 * FULL);
                    run.setup.scheduler.runAll();
                },
                next -> {
                    for (int i = 0; i < 20; i++) {
                        assertThat(next.store.get("key" + i)).isEqualTo(value(i, 1000));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void whatReplacedARecordIsSyncedBeforeThatGoes(int length) throws IOException {
        lose(
                prepareOld(),
                Durability.PROCESS,
                run -> {
                    run.store.put("key", value(1, length));
                    run.remove("other", 0, FULL);
                    run.setup.scheduler.runAll();
                    assertThat(run.store.logStats().liveBytes()).isLessThan(2 * LogSetup.SEGMENT);
                },
                next -> assertThat(next.store.get("key")).isIn(bytes("old"), value(1, length)));
    }

    /** Power took the file of a value that was not synced: what is older may be hidden, or found, but not the one and then the other. */
    @Test
    void recordWithoutItsFileMeansTheSameTheNextTime() throws IOException {
        Path directory = prepare(run -> {
            run.store.put("key", bytes("old"));
            run.store.put("replaced", value(2, LARGE));
        });
        Consumer<Run> look = run -> assertThat(run.store.get("key")).isIn(bytes("old"), value(1, LARGE), null);
        Consumer<Run> put = run -> {
            run.store.put("replaced", bytes("new"));
            run.setup.scheduler.runAll(); // syncs, so that the segment is there
            run.store.put("key", value(1, LARGE));
        };
        lose(directory, Durability.PROCESS, put, next -> {
            look.accept(next);
            byte[] found = next.store.get("key");
            next.fill("other", 0, 2 * FULL);
            next.power.cut();
            assertFound(next, found);
        });
    }

    @Test
    void clearThatPowerCutsOffUncoversNothingOlder() throws IOException {
        for (int calls = 0; calls < 12; calls++) {
            int moment = calls;
            lose(
                    Stores.newDirectory(parent),
                    Durability.ALWAYS,
                    FEW_LOSSES,
                    run -> {
                        run.store.put("key", bytes("old"));
                        run.fill("other", 0, FULL);
                        run.store.put("key", value(1, LARGE));
                        run.power.cutAfter(moment, () -> {});
                        run.store.clear();
                    },
                    next -> assertThat(next.store.get("key")).isIn(value(1, LARGE), null));
        }
    }

    /** The clock of the machine that starts again is late; the state that was written last is older still. */
    @Test
    void fileThatWentBecauseItsEntryExpiredUncoversNothingOlder() throws IOException {
        lose(
                prepareOld(),
                Durability.INTERVAL,
                run -> {
                    run.store.put("another", bytes("value"));
                    run.setup.scheduler.runAll(); // makes a segment in reserve
                    long life = run.setup.clock.millis() + 1000;
                    run.store.put("key", new Entry<>(value(1, LARGE), life, life, null));
                    run.setup.scheduler.runAll();
                    run.setup.clock.advanceMillis(1500);
                    for (int i = 0; i < 20; i++) {
                        run.setup.scheduler.runAll(); // expires the entry, and deletes its file after a sync
                    }
                },
                next -> assertThat(next.store.get("key")).isIn(value(1, LARGE), null));
    }

    /** Otherwise somebody removes what seems to be gone, leaves no tombstone, and finds it again when power was lost. */
    @Test
    void entriesAreFoundUntilALossOfPowerCannotBringTheirSegmentBack() throws IOException {
        try (Run run = new Run(Stores.newDirectory(parent), 1, Durability.ALWAYS)) {
            run.fill("key", 0, 2 * FULL);
            AtomicInteger looks = new AtomicInteger();
            run.disk.faults().injectAt(1, Fault.inputOutputError(), APPEND);
            run.disk
                    .faults()
                    .injectAt(
                            1,
                            call -> {
                                looks.incrementAndGet();
                                assertThat(run.store.get("key0")).isNotNull();
                            },
                            SYNC_OF_STATE);
            run.store.put("other", bytes("value"));
            assertThat(looks).hasPositiveValue();
            assertThat(run.store.get("key0")).isNull();
        }
    }

    @Test
    void valueWhoseFileCannotBeSyncedUncoversNothingOlder() throws IOException {
        Path directory = prepare(run -> {
            run.store.put("key", bytes("old"));
            run.fill("other", 0, FULL);
        });
        try (Run killed = new Run(directory, 2, Durability.PROCESS)) {
            killed.store.put("key", value(1, LARGE));
            try (Run last = killed.restart(Stores.newDirectory(parent), Durability.ALWAYS)) {
                last.disk
                        .faults()
                        .injectAt(
                                1, Fault.inputOutputError(), Call.about(".val").and(Call.of(Operation.FORCE)));
                last.store.put("new", bytes("value"));
                assertThat(last.store.get("key")).isNull();
                last.power.cut();
                assertFound(last, LOSSES, new Object[] {null});
            }
        }
    }

    @Test
    void whatIsRemovedWhileTheStateCannotBeWrittenDoesNotComeBack() throws IOException {
        lose(
                Stores.newDirectory(parent),
                Durability.ALWAYS,
                run -> {
                    run.fill("key", 0, 2 * FULL);
                    run.setup.scheduler.runAll();
                    run.disk.faults().injectAt(1, Fault.inputOutputError(), APPEND);
                    run.disk.faults().injectAt(1, Fault.inputOutputError(), SYNC_OF_STATE);
                    run.store.put("other", bytes("value"));
                    assertThat(run.store.get("key0")).isNull();
                    run.store.remove("key0");
                },
                next -> assertThat(next.store.get("key0")).isNull());
    }

    /** What was torn and cut off in one run may stand behind the records still when the next loses power. */
    @Test
    void secondLossTakesNoMoreThanTheFirst() throws IOException {
        lose(
                prepare(run -> run.store.put("key", bytes("old"))),
                Durability.INTERVAL,
                run -> {
                    run.fill("key", 0, 10);
                    run.setup.scheduler.runAll(); // makes another segment, in which nothing is written
                    run.fill("key", 10, 20);
                },
                next -> {
                    next.store.put("key", bytes("new"));
                    next.power.cut();
                    assertFound(next, bytes("new"));
                });
    }

    /** Neighbours among the seeds would begin alike, and so choose the same kind of loss. */
    private static Random loss(int number) {
        return new Random(number * 0x9E3779B97F4A7C15L);
    }

    @Test
    void segmentsThatWereNeverWrittenToDoNotEndTheLog() throws IOException {
        try (Run first = new Run(Stores.newDirectory(parent), 1, Durability.ALWAYS)) {
            first.store.put("key", bytes("old"));
            first.fill("other", 0, 50); // so much that nothing is compacted
            first.setup.scheduler.runAll(); // makes a segment, in which nothing is written
            try (Run idle = first.restart(Stores.newDirectory(parent), Durability.ALWAYS)) {
                idle.store.get("key");
                idle.setup.scheduler.runAll(); // another one
                try (Run last = idle.restart(Stores.newDirectory(parent), Durability.ALWAYS)) {
                    last.store.put("key", bytes("new"));
                    last.power.cut();
                    assertFound(last, LOSSES, bytes("new"));
                }
            }
        }
    }

    @Test
    void largeValueStaysUntilWhatReplacedItIsSyncedThoughTheProcessWasKilled() throws IOException {
        Path directory = prepare(run -> run.store.put("key", value(1, LARGE)));
        try (Run killed = new Run(directory, 2, Durability.PROCESS)) {
            killed.store.put("key", bytes("new"));
            try (Run last = killed.restart(Stores.newDirectory(parent), Durability.PROCESS)) {
                assertThat(last.store.get("key")).isEqualTo(bytes("new"));
                last.power.cut();
                assertFound(last, LOSSES, value(1, LARGE), bytes("new"));
            }
        }
    }

    /** Of segments that go, one by one, a loss of power may leave an older one without a newer one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatWasThereGoesForGoodInTheOrderOfItsAge(int number) throws IOException {
        Path directory = prepareReplaced(bytes("new"));
        try (Run run = new Run(directory, number, Durability.PROCESS)) {
            run.store.get("key");
            run.fillDisk();
            run.store.remove("key");
            run.power.cut();
            assertFound(run, LOSSES, bytes("new"), null);
        }
    }

    @Test
    void stateThatCouldNotBeSyncedIsSyncedWhenThatCanBe() throws IOException {
        Path directory = prepareReplaced(bytes("new"));
        try (Run run = new Run(directory, 2, Durability.PROCESS)) {
            run.fillDisk();
            run.disk.faults().inject(Fault.inputOutputError(), SYNC_OF_STATE);
            run.store.remove("key");
            run.disk.faults().clear();
            run.disk.faults().inject(run.power, Call.any());
            run.setup.scheduler.runAll();
            run.power.cut();
            assertFound(run, LOSSES, bytes("new"), null);
        }
    }

    /** The segments come back, since the state that they are not in was not synced; the file does not, since nobody keeps it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fileThatWentWithItsSegmentUncoversNothingOlder(int number) throws IOException {
        Path directory = prepareReplaced(value(1, LARGE));
        try (Run run = new Run(directory, number, Durability.PROCESS)) {
            run.store.get("key");
            run.fillDisk();
            run.disk.faults().inject(Fault.inputOutputError(), SYNC_OF_STATE);
            run.store.remove("key");
            run.power.cut();
            assertFound(run, LOSSES, value(1, LARGE), null);
        }
    }

    /** Where it ends is known only as long as the state tells that power was lost, or the segment has a footer. */
    @Test
    void whatPowerCutShortIsNotTakenForDamagedByTheNextProcess() throws IOException {
        for (int calls = 0; calls < 12; calls++) {
            int moment = calls;
            lose(
                    prepare(run -> run.store.put("key", bytes("old"))),
                    Durability.INTERVAL,
                    FEW_LOSSES,
                    run -> run.fill("key", 0, 30),
                    next -> {
                        next.setup.clock.advanceMillis(60_000); // the state is late
                        next.power.cutAfter(moment, () -> {});
                        next.setup.scheduler.runAll();
                        try (Run killed = next.restart(Stores.newDirectory(parent), Durability.ALWAYS)) {
                            assertThat(killed.store.get("key")).isEqualTo(bytes("old"));
                        } catch (IOException ex) {
                            throw new UncheckedIOException(ex);
                        }
                    });
        }
    }

    private void assertFound(Run run, byte[] expected) {
        assertFound(run, FEW_LOSSES, expected);
    }

    private void assertFound(Run run, int losses, Object... expected) {
        for (int i = 0; i < losses; i++) {
            Path left = Stores.newDirectory(parent);
            try {
                run.power.restore(left, loss(i));
                try (Run next = new Run(left, 4, Durability.ALWAYS)) {
                    assertThat((Object) next.store.get("key")).isIn(expected);
                }
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    /** The nth sync fails, be it of a segment, the state or a directory, for a write or while segments are rewritten. */
    @ParameterizedTest
    @EnumSource
    void failedSyncUncoversNothingAndTheStoreGoesOnCompacting(Durability durability) throws IOException {
        for (int nth = 1; nth < 30; nth++) {
            assertGoesOn(durability, nth);
        }
    }

    private void assertGoesOn(Durability durability, int nth) throws IOException {
        Consumer<Run> look = run -> assertThat(text(run.store.get("key0")))
                .as("after sync %d has failed", nth)
                .isIn("round 5", null);
        lose(
                prepare(run -> run.fill("key", 0, 2 * FULL)),
                durability,
                FEW_LOSSES,
                run -> {
                    run.power.failSync(nth);
                    for (int round = 1; round < 6; round++) {
                        run.fill("key", 0, FULL);
                        run.store.put("key0", bytes("round " + round));
                        run.setup.scheduler.runAll();
                    }
                    assertThat(run.store.logStats().segments())
                            .as("after sync %d has failed", nth)
                            .isLessThan(6);
                    look.accept(run);
                },
                next -> {
                    if (durability != Durability.PROCESS) {
                        look.accept(next);
                    }
                });
    }
}
