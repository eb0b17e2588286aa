package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a disk store does when its disk fails: loses what it cannot keep, and never throws, lies or stays broken. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskFaultTests {

    /** More calls than any of the sequences makes; a test that comes here would never end. */
    private static final int MANY_CALLS = 5000;

    /** Each operation makes more calls than this, so the disk breaks in the middle of each. */
    private static final int LASTING_STEP = 3;

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final Faults faults = fileSystem.faults();

    @TempDir
    private Path directory;

    /** How a call fails, in a test for each shape. */
    private enum Kind {
        BROKEN(Fault.inputOutputError(), Call.any()),
        BROKEN_AFTERWARDS(Fault.afterwards(Fault.inputOutputError()), Call.any()),
        FULL(
                Fault.fullDisk(),
                Call.of(
                        Operation.CREATE,
                        Operation.WRITE,
                        Operation.FORCE,
                        Operation.MOVE,
                        Operation.LINK,
                        Operation.CREATE_DIRECTORY)),
        TRUNCATED(Fault.truncated(10), Call.of(Operation.READ)),
        FLIPPED(Fault.flipped(10), Call.of(Operation.READ));

        private final Fault fault;

        private final Predicate<Call> where;

        Kind(Fault fault, Predicate<Call> where) {
            this.fault = fault;
            this.where = where;
        }
    }

    private static Stream<Arguments> shapesAnd(Kind... kinds) {
        return Stream.of(Shape.values())
                .filter(shape -> !shape.isEncrypted())
                .flatMap(shape -> Stream.of(kinds).map(kind -> Arguments.of(shape, kind)));
    }

    static Stream<Arguments> singleFaults() {
        return shapesAnd(Kind.values());
    }

    static Stream<Arguments> lastingFaults() {
        return shapesAnd(Kind.BROKEN, Kind.FULL);
    }

    @ParameterizedTest
    @MethodSource("singleFaults")
    void faultInAnyOneCallLosesNoMoreThanThatWrite(Shape shape, Kind kind) {
        try (Trial trial = new Trial(shape)) {
            for (int nth = 1; nth < MANY_CALLS; nth++) {
                trial.prepare();
                Faults.Rule rule = faults.injectAt(nth, kind.fault, kind.where);
                trial.run();
                faults.clear();
                trial.check("call " + nth);
                if (!rule.isMet()) {
                    assertThat(nth).as("calls that failed").isGreaterThan(10);
                    return;
                }
            }
        }
        throw new AssertionError("The sequence makes too many calls");
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void diskThatFailsFromAnyCallOnLosesWritesOnlyUntilItIsWell(Shape shape, Kind kind) {
        try (Trial trial = new Trial(shape)) {
            for (int nth = 1; nth < MANY_CALLS; nth += LASTING_STEP) {
                trial.prepare();
                AtomicLong left = new AtomicLong(nth);
                Faults.Rule rule =
                        faults.inject(kind.fault, call -> kind.where.test(call) && left.decrementAndGet() <= 0);
                trial.run();
                faults.clear();
                trial.check("calls from " + nth);
                if (!rule.isMet()) {
                    return;
                }
            }
        }
        throw new AssertionError("The sequence makes too many calls");
    }

    /**
     * Two stores on one directory, as if of two processes, a sequence of changes by the first, and what may be found
     * afterwards. Both go through all the faults of a test.
     */
    private final class Trial implements AutoCloseable {

        private final Setup setup = new Setup().durability(Durability.ALWAYS);

        private final Store<String, String> store;

        private final Store<String, String> other;

        private Expectation expectation = new Expectation();

        private long faultsBefore;

        Trial(Shape shape) {
            this.store = shape.open(fileSystem.over(directory), setup);
            this.other = shape.open(fileSystem.over(directory), new Setup());
        }

        /** To be called while the disk is well. */
        void prepare() {
            expectation = new Expectation();
            faultsBefore = setup.failures.count();
            store.remove("added");
            store.remove("absent");
            for (String key : List.of("replaced", "touched", "removed", "popped", "present", "left")) {
                store.put(key, Entry.of("old"));
                expectation.mayBe(key, "old");
            }
        }

        void run() {
            store.put("replaced", Entry.of("new"));
            expectation.mayBe("replaced", "new");
            store.put("added", Entry.of("new"));
            expectation.mayBe("added", "new");
            expectation.saw("left", store.get("left"));
            expectation.saw("replaced", store.get("replaced"));
            putIfAbsent("present");
            putIfAbsent("absent");
            touch();
            store.remove("removed");
            expectation.mayBe("removed");
            pop();
            store.put("replaced", Entry.of("newer"));
            expectation.mayBe("replaced", "newer");
            look();
        }

        private void putIfAbsent(String key) {
            String present = store.putIfAbsent(key, Entry.of("new"));
            expectation.saw(key, present);
            if (present == null) {
                expectation.mayBe(key, "new");
            }
        }

        private void touch() {
            long until = setup.clock.millis() + 1000;
            if (store.touch("touched", until, until)) {
                Entry<String> entry = store.entry("touched");
                assertThat(entry == null || entry.freshUntil() == until)
                        .as("life that was set")
                        .isTrue();
            }
        }

        private void pop() {
            String popped = store.pop("popped");
            expectation.saw("popped", popped);
            if (popped != null) {
                expectation.mayBe("popped");
            }
        }

        private void look() {
            for (String key : expectation.keys()) {
                expectation.saw(key, store.get(key));
                Entry<String> entry = store.entry(key);
                expectation.saw(key, entry == null ? null : entry.value());
                if (store.contains("removed")) {
                    throw new AssertionError("What was removed is there");
                }
            }
        }

        /** To be called when the disk is well again: neither store finds what must not be there, and both work. */
        void check(String fault) {
            look();
            if (expectation.missed() > 0) {
                assertThat(setup.failures.count())
                        .as("faults counted at %s", fault)
                        .isGreaterThan(faultsBefore);
            }
            setup.clock.advance(Duration.ofMinutes(1));
            setup.scheduler.runAll();
            for (String key : expectation.keys()) {
                expectation.saw(key, other.get(key));
            }
            for (String key : expectation.keys()) {
                store.put(key, Entry.of("well again"));
                assertThat(store.get(key)).as("%s, put after %s", key, fault).isEqualTo("well again");
                assertThat(other.get(key))
                        .as("%s, seen by another after %s", key, fault)
                        .isEqualTo("well again");
            }
        }

        @Override
        public void close() {
            store.close();
            other.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void clearHoldsWhicheverCallFails(Shape shape) {
        for (int nth = 1; nth < MANY_CALLS; nth++) {
            Setup setup = new Setup();
            Path below = directory.resolve("clear" + nth);
            Store<String, String> store = shape.open(fileSystem.over(below), setup);
            store.put("a", Entry.of("old"));
            store.put("b", Entry.of("old"));
            Faults.Rule rule = faults.injectAt(nth, Fault.inputOutputError(), Call.any());
            store.clear();
            faults.clear();
            assertThat(store.get("a")).as("after call %d failed", nth).isNull();
            assertThat(store.get("b")).as("after call %d failed", nth).isNull();
            setup.clock.advance(Duration.ofMinutes(1));
            setup.scheduler.runAll();
            try (Store<String, String> other = shape.open(below, new Setup())) {
                assertThat(other.get("a")).as("after call %d failed", nth).isNull();
                assertThat(other.get("b")).as("after call %d failed", nth).isNull();
            }
            store.put("a", Entry.of("new"));
            assertThat(store.get("a")).isEqualTo("new");
            store.close();
            if (!rule.isMet()) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void shortReadsAndWritesChangeNothing(Shape shape) {
        Setup setup = new Setup();
        for (int most : new int[] {1, 7}) {
            faults.inject(Fault.shortTransfer(most), Call.of(Operation.READ, Operation.WRITE));
            try (Store<String, String> store = shape.open(fileSystem.over(directory.resolve("short" + most)), setup)) {
                store.put("key", new Entry<>("value".repeat(100), 1L << 60, Entry.FOREVER, "etag"));
                assertThat(store.get("key")).isEqualTo("value".repeat(100));
                assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isTrue();
                assertThat(store.entry("key"))
                        .isEqualTo(new Entry<>("value".repeat(100), Entry.FOREVER, Entry.FOREVER, "etag"));
                assertThat(store.pop("key")).isEqualTo("value".repeat(100));
            }
            faults.clear();
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void removedKeyStaysRemovedWhileTheDiskRefusesEveryChange(Shape shape) {
        Setup setup = new Setup();
        Store<String, String> store = shape.open(fileSystem.over(directory), setup);
        store.put("removed", Entry.of("old"));
        store.put("popped", Entry.of("old"));
        store.put("replaced", Entry.of("old"));
        store.put("left", Entry.of("old"));
        faults.inject(
                Fault.readOnlyFileSystem(),
                call -> !Call.of(Operation.OPEN, Operation.READ, Operation.CLOSE, Operation.STAT, Operation.LIST)
                        .test(call));
        store.remove("removed");
        assertThat(store.get("removed")).isNull();
        store.put("replaced", Entry.of("new"));
        assertThat(store.get("replaced")).isNull();
        if (store.pop("popped") != null) {
            assertThat(store.pop("popped")).isNull();
        }
        assertThat(store.get("left")).isEqualTo("old");
        faults.clear();
        setup.sweep();
        assertThat(store.get("removed")).isNull();
        assertThat(store.get("replaced")).isNull();
        try (Store<String, String> other = shape.open(directory, new Setup())) {
            assertThat(other.get("removed")).isNull();
            assertThat(other.get("replaced")).isNull();
            assertThat(other.get("left")).isEqualTo("old");
        }
        store.close();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void unreadableFileIsACountedMiss(Shape shape) {
        Setup setup = new Setup();
        Store<String, String> store = shape.open(fileSystem.over(directory), setup);
        store.put("key", Entry.of("value"));
        faults.inject(Fault.accessDenied(), Call.of(Operation.OPEN));
        assertThat(store.get("key")).isNull();
        assertThat(store.contains("key")).isFalse();
        assertThat(store.stats().misses()).isEqualTo(1);
        assertThat(setup.failures.counts()).containsKey("read");
        faults.clear();
        store.put("key", Entry.of("again"));
        assertThat(store.get("key")).isEqualTo("again");
        store.close();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void fullDiskCountsLostWritesAndTakesThemAgainWhenThereIsRoom(Shape shape) {
        Setup setup = new Setup();
        Store<String, String> store = shape.open(fileSystem.over(directory), setup);
        store.put("key", Entry.of("old"));
        faults.inject(Fault.fullDisk(), Call.of(Operation.WRITE));
        store.put("key", Entry.of("new"));
        assertThat(store.get("key")).isNull();
        assertThat(store.putIfAbsent("other", Entry.of("new"))).isNull();
        assertThat(store.get("other")).isNull();
        assertThat(setup.failures.counts()).containsKey("write");
        faults.clear();
        store.put("key", Entry.of("new"));
        assertThat(store.get("key")).isEqualTo("new");
        store.close();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void storeThatCannotRemoveAnythingStopsToGrow(Shape shape) {
        Setup setup = new Setup().maxEntries(100);
        Store<String, String> store = shape.open(fileSystem.over(directory), setup);
        for (int i = 0; i < 100; i++) {
            store.put("key" + i, Entry.of("value"));
        }
        faults.inject(
                Fault.inputOutputError(),
                call -> call.operation() == Operation.MOVE && Writer.ofTemporary(name(call.path())) == null);
        for (int i = 100; i < 400; i++) {
            store.put("key" + i, Entry.of("value"));
        }
        assertThat(store.size()).isBetween(100L, 200L);
        assertThat(setup.failures.counts()).containsKeys("delete", "write");
        faults.clear();
        setup.sweep();
        assertThat(store.size()).isLessThanOrEqualTo(100);
        store.put("key", Entry.of("value"));
        assertThat(store.get("key")).isEqualTo("value");
        store.close();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void storeWhoseDirectoriesCannotBeListedStopsToGrow(Shape shape) {
        Setup setup = new Setup().maxEntries(100);
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            faults.inject(Fault.inputOutputError(), Call.of(Operation.LIST).and(Call.about("entries")));
            for (int i = 0; i < 400; i++) {
                store.put("key" + i, Entry.of("value"));
            }
            assertThat(store.size()).isBetween(100L, 200L);
            assertThat(setup.failures.counts()).containsKeys("read", "write");
            faults.clear();
            setup.sweep();
            store.put("key", Entry.of("value"));
            assertThat(store.get("key")).isEqualTo("value");
            assertThat(store.size()).isLessThanOrEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HASHED_BYTES", "FOLDER_BYTES"})
    void clearThatCannotTellWhatItRemovedIsNotMadeAgain(Shape shape) {
        Setup setup = new Setup();
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            store.put("key", Entry.of("old"));
            Faults.Rule rule = faults.injectAt(
                    1, Fault.inputOutputError(), Call.of(Operation.LIST).and(Call.about("trash")));
            store.clear();
            assertThat(rule.isMet()).isTrue();
            assertThat(setup.failures.counts()).containsKey("read");
            store.put("key", Entry.of("new"));
            setup.scheduler.runAll();
            assertThat(store.get("key")).isEqualTo("new");
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void directoriesInTheWayOfAnEntryAreLeftAloneAndMiss(Shape shape) throws IOException {
        Setup setup = new Setup();
        try (Store<String, String> store = shape.open(directory, setup)) {
            store.put("key", Entry.of("value"));
            List<Path> inTheWay = Listing.files(directory.resolve("entries"));
            assertThat(inTheWay).isNotEmpty();
            for (Path file : inTheWay) {
                Files.delete(file);
                Files.createDirectory(file);
                Files.writeString(file.resolve("precious"), "of somebody else");
            }
            assertThat(store.get("key")).isNull();
            assertThat(store.entry("key")).isNull();
            assertThat(store.contains("key")).isFalse();
            assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isFalse();
            assertThat(store.remove("key")).isFalse();
            assertThat(store.pop("key")).isNull();
            store.putIfAbsent("key", Entry.of("again"));
            store.put("key", Entry.of("again"));
            assertThat(store.get("key")).isIn("again", null);
            store.put("other", Entry.of("value"));
            assertThat(store.get("other")).isEqualTo("value");
            setup.sweep();
            assertThat(inTheWay)
                    .allSatisfy(file -> assertThat(file.resolve("precious")).exists());
            assertThat(setup.failures.count()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void durableWriteSyncsFilesBeforeTheyAreMovedAndTheirDirectoryAfterwards(Shape shape) {
        List<Call> calls = new CopyOnWriteArrayList<>();
        Setup setup = new Setup().durability(Durability.ALWAYS);
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            faults.inject(calls::add, Call.about("entries"));
            store.put("key", Entry.of("value"));
            checkSynced(calls, shape.filesPerEntry());
            calls.clear();
            store.put("key", Entry.of("another"));
            checkSynced(calls, shape.filesPerEntry());
            calls.clear();
            store.putIfAbsent("absent", Entry.of("value"));
            checkSynced(calls, shape.filesPerEntry());
            calls.clear();
            store.touch("key", 1L << 50, 1L << 50);
            assertThat(last(calls, Call.of(Operation.FORCE))).isGreaterThan(last(calls, Call.of(Operation.WRITE)));
            calls.clear();
            store.remove("key");
            assertThat(last(calls, Call.of(Operation.FORCE))).isGreaterThan(first(calls, Call.of(Operation.MOVE)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void durableWriteSyncsWhereItMadeDirectories(Shape shape) {
        List<Call> calls = new CopyOnWriteArrayList<>();
        Setup setup = new Setup().durability(Durability.ALWAYS).maxEntries(0);
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            faults.inject(calls::add, Call.any());
            store.put("key", Entry.of("value"));
            List<Call> made = calls.stream()
                    .filter(Call.of(Operation.CREATE_DIRECTORY).and(Call.about("entries")))
                    .toList();
            assertThat(made).hasSizeGreaterThanOrEqualTo(2);
            for (Call call : made) {
                assertThat(last(
                                calls,
                                Call.of(Operation.FORCE).and(of(call.path().getParent()))))
                        .as("sync of what %s is in", call.path())
                        .isGreaterThan(calls.indexOf(call));
            }
        }
    }

    /** Each file that gets its name by a move or a link was synced since it was written, and then its directory is. */
    private static void checkSynced(List<Call> calls, int files) {
        List<Call> named =
                calls.stream().filter(Call.of(Operation.MOVE, Operation.LINK)).toList();
        assertThat(named).hasSize(files);
        for (Call call : named) {
            int at = calls.indexOf(call);
            Path directory = Objects.requireNonNull(call.target()).getParent();
            int written = last(calls.subList(0, at), Call.of(Operation.WRITE).and(of(call.path())));
            assertThat(last(calls.subList(0, at), Call.of(Operation.FORCE).and(of(call.path()))))
                    .as("sync of %s before it is moved", call.path())
                    .isGreaterThan(written);
            assertThat(last(calls, Call.of(Operation.FORCE).and(of(directory))))
                    .as("sync of %s after it got %s", directory, call.target())
                    .isGreaterThan(at);
        }
    }

    private static Predicate<Call> of(Path path) {
        return call -> call.path().equals(path);
    }

    private static int first(List<Call> calls, Predicate<Call> wanted) {
        int at = 0;
        while (at < calls.size() && !wanted.test(calls.get(at))) {
            at++;
        }
        return at;
    }

    private static int last(List<Call> calls, Predicate<Call> wanted) {
        int at = calls.size() - 1;
        while (at >= 0 && !wanted.test(calls.get(at))) {
            at--;
        }
        return at;
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void ordinaryWriteSyncsNothing(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), new Setup())) {
            Faults.Rule syncs = faults.inject(call -> {}, Call.of(Operation.FORCE));
            store.put("key", Entry.of("value"));
            store.touch("key", 1L << 50, 1L << 50);
            store.remove("key");
            assertThat(syncs.matched()).isZero();
        }
    }

    @Test
    void openingWhereAFileIsInTheWayNamesTheDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        for (Path unusable : List.of(file, file.resolve("below"))) {
            assertThatExceptionOfType(UnusableDirectoryException.class)
                    .isThrownBy(() -> Shape.HASHED_BYTES.open(unusable, new Setup()))
                    .withMessageContaining(unusable.toString());
        }
        assertThat(file).hasContent("precious");
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void openingOnAFileSystemThatCannotBeWrittenNamesTheDirectory(Shape shape) {
        Predicate<Call> changes =
                call -> !Call.of(Operation.OPEN, Operation.READ, Operation.CLOSE, Operation.STAT, Operation.LIST)
                        .test(call);
        for (Fault fault : List.of(Fault.readOnlyFileSystem(), Fault.accessDenied(), Fault.fullDisk())) {
            faults.inject(fault, changes);
            Path unusable = fileSystem.over(directory.resolve("new"));
            assertThatExceptionOfType(UnusableDirectoryException.class)
                    .isThrownBy(() -> shape.open(unusable, new Setup()))
                    .withMessageContaining(unusable.toString());
            faults.clear();
            shape.open(fileSystem.over(directory.resolve("old")), new Setup()).close();
            faults.inject(fault, changes);
            Path old = fileSystem.over(directory.resolve("old"));
            assertThatExceptionOfType(UnusableDirectoryException.class)
                    .isThrownBy(() -> shape.open(old, new Setup()))
                    .withMessageContaining(old.toString());
            faults.clear();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void faultAtAnyCallOfOpeningIsNamedOrSurvived(Shape shape) {
        for (int nth = 1; nth < MANY_CALLS; nth++) {
            Path path = directory.resolve("open" + nth);
            Faults.Rule rule = faults.injectAt(nth, Fault.inputOutputError(), Call.any());
            try (Store<String, String> store = shape.open(fileSystem.over(path), new Setup())) {
                faults.clear();
                store.put("key", Entry.of("value"));
                assertThat(store.get("key")).as("after call %d failed", nth).isEqualTo("value");
            } catch (UnusableDirectoryException named) {
                assertThat(named).hasMessageContaining(path.toString());
            }
            faults.clear();
            try (Store<String, String> store = shape.open(path, new Setup())) {
                store.put("key", Entry.of("value"));
                assertThat(store.get("key"))
                        .as("opened again after call %d failed", nth)
                        .isEqualTo("value");
            }
            if (!rule.isMet()) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void removalThatCannotBeSyncedLeavesNothing(Shape shape) throws IOException {
        Setup setup = new Setup().durability(Durability.ALWAYS);
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            store.put("key", Entry.of("value"));
            faults.injectAt(1, Fault.inputOutputError(), Call.of(Operation.FORCE));
            assertThat(store.remove("key")).isTrue();
            faults.clear();
            setup.sweep();
            assertThat(store.get("key")).isNull();
            assertThat(store.size()).isZero();
            assertThat(Listing.files(directory.resolve("entries"))).isEmpty();
            assertThat(setup.failures.counts()).containsOnlyKeys("sync");
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void putThatCannotBeSyncedIsTakenBackOnce(Shape shape) {
        Setup setup = new Setup().durability(Durability.ALWAYS).maxEntries(100);
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            for (int i = 0; i < 10; i++) {
                store.put("kept" + i, Entry.of("value"));
            }
            for (int i = 0; i < 5; i++) {
                faults.injectAt(
                        shape.filesPerEntry(),
                        Fault.inputOutputError(),
                        call -> call.operation() == Operation.FORCE && Files.isDirectory(call.path()));
                if (i % 2 == 0) {
                    store.put("lost", Entry.of("value"));
                } else {
                    store.putIfAbsent("lost", Entry.of("value"));
                }
                faults.clear();
            }
            assertThat(store.contains("lost")).isFalse();
            assertThat(store.size()).isEqualTo(10);
        }
    }
}
