package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.SEGMENT;
import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays is rewritten into segments of its own, out of order: nothing is lost, comes back, or takes more room for it. */
class LogStoreRewriteTests {

    private static final long MAX_SIZE = 16 * SEGMENT;

    private final LogSetup setup = new LogSetup();

    private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Stores.newDirectory(parent);
    }

    private LogStore open() {
        return setup.at(disk.over(directory)).maxSize(MAX_SIZE).open();
    }

    private LogStore reopenKilled() {
        return setup.at(Stores.copy(directory, parent)).maxSize(MAX_SIZE).open();
    }

    /** Entries that are used twice, among others that are not: half of what a segment holds stays. */
    private void fill(LogStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put("key" + i, value(i, 1000));
            if (isUsed(i)) {
                store.get("key" + i);
                store.get("key" + i);
            }
            setup.scheduler.runAll();
        }
    }

    private static boolean isUsed(int key) {
        return key % 4 == 0;
    }

    @Test
    void filesAreWithinTheBoundAtEveryCall() {
        AtomicInteger calls = new AtomicInteger();
        try (LogStore store = open()) {
            disk.faults()
                    .inject(
                            call -> {
                                calls.incrementAndGet();
                                assertThat(Stores.bytes(directory
                                                .resolve("shard-0-of-1")
                                                .resolve("segments")))
                                        .as("before %s", call)
                                        .isLessThanOrEqualTo(MAX_SIZE + SEGMENT);
                            },
                            Call.of(Operation.CREATE, Operation.TRUNCATE, Operation.DELETE, Operation.MOVE));
            fill(store, 0, 4000);
            assertThat(store.logStats().movedBytes()).isPositive();
            assertThat(setup.failures.counts()).isEmpty();
        }
        assertThat(calls.get()).isGreaterThan(200);
    }

    @Test
    void whoeverKillsARewriteFindsAllThatStays() {
        List<Path> crashes = new ArrayList<>();
        try (LogStore store = open()) {
            fill(store, 0, 1200);
            disk.faults().inject(call -> crashes.add(Stores.copy(directory, parent)), Call.any());
            long moved = store.logStats().movedBytes();
            for (int i = 1200; store.logStats().movedBytes() == moved; i++) {
                crashes.clear();
                store.put("key" + i, value(i, 1000));
                setup.scheduler.runAll();
            }
            disk.faults().clear();
            assertThat(crashes).hasSizeGreaterThan(20);
            for (Path crash : crashes) {
                try (LogStore killed = setup.at(crash).maxSize(MAX_SIZE).open()) {
                    for (int i = 0; i < 1200; i++) {
                        byte[] value = killed.get("key" + i);
                        assertThat(value).isIn(value(i, 1000), null);
                        assertThat(value != null || !store.contains("key" + i))
                                .as("key%d in %s", i, crash)
                                .isTrue();
                    }
                }
            }
        }
    }

    /** A loss of power may leave a state that is older than the files, and bring back files that had been deleted. */
    @Test
    void noTwoSegmentsEverHaveTheSameNumber() throws IOException {
        List<String> made = new ArrayList<>();
        disk.faults()
                .inject(
                        call -> made.add(call.path().getFileName().toString()),
                        Call.about(".seg").and(Call.of(Operation.CREATE)));
        try (LogStore store = open()) {
            fill(store, 0, 1000);
        }
        byte[] older = Files.readAllBytes(state(directory));
        Path killed;
        try (LogStore store = open()) {
            fill(store, 1000, 1300);
            killed = Stores.copy(directory, parent);
        }
        Files.write(state(killed), older);
        directory = killed;
        try (LogStore store = open()) {
            fill(store, 1300, 1600);
        }
        assertThat(made).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    }

    private static Path state(Path directory) {
        return directory.resolve("shard-0-of-1").resolve("state");
    }

    @Test
    void withoutAStateThatSaysSoARewriteDidNotHappen() throws IOException {
        try (LogStore store = open()) {
            fill(store, 0, 1200);
            disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.MOVE));
            for (int i = 1200; i < 1400; i++) {
                store.put("key" + i, value(i, 1000));
                setup.scheduler.runAll();
            }
            disk.faults().clear();
            setup.clock.advanceMillis(1001);
            fill(store, 1400, 1500);
            try (LogStore killed = reopenKilled()) {
                for (int i = 0; i < 1500; i++) {
                    assertThat(killed.get("key" + i)).isEqualTo(store.get("key" + i));
                }
            }
        }
        assertThat(segments(directory)).hasSizeLessThan(100);
    }

    /** The state that could not be synced may be the one on disk, and lists what was rewritten. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatMayHaveBeenRewrittenDoesNotComeBackWhereNothingCanBeWritten(boolean removed) {
        AtomicBoolean broken = new AtomicBoolean();
        try (LogStore store = setup.at(disk.over(directory))
                .maxSize(MAX_SIZE)
                .durability(Durability.INTERVAL)
                .open()) {
            disk.faults()
                    .inject(
                            call -> {
                                if (broken.get() || listsARewrittenSegment()) {
                                    broken.set(true);
                                    throw new IOException("broken");
                                }
                            },
                            Call.of(Operation.FORCE, Operation.WRITE, Operation.CREATE, Operation.TRUNCATE));
            for (int i = 0; !broken.get(); i++) {
                fill(store, i, i + 1);
            }
            String key = IntStream.range(0, 1000)
                    .filter(LogStoreRewriteTests::isUsed)
                    .mapToObj(i -> "key" + i)
                    .filter(used -> !store.contains(used))
                    .findFirst()
                    .orElseThrow();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.contains(key)).isTrue(); // what went is still where it was copied to
            }
            if (removed) {
                store.remove(key);
            } else {
                store.put(key, bytes("new"));
            }
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get(key)).isNull();
            }
            disk.faults().clear();
        }
    }

    private boolean listsARewrittenSegment() throws IOException {
        State state = State.read(state(directory).getParent());
        return state != null && state.segments().stream().anyMatch(number -> number % Log.STEP != 0);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void stateOfWhichNobodyKnowsWhetherItIsOnDiskLosesNothing(int nth) {
        List<Path> crashes = new ArrayList<>();
        try (LogStore store = setup.at(disk.over(directory))
                .maxSize(MAX_SIZE)
                .durability(Durability.INTERVAL)
                .open()) {
            fill(store, 0, 1200);
            disk.faults().inject(call -> crashes.add(Stores.copy(directory, parent)), Call.any());
            Faults.Rule rule = disk.faults()
                    .injectAt(
                            nth,
                            Fault.inputOutputError(),
                            Call.of(Operation.FORCE).and(call -> call.path().endsWith("shard-0-of-1")));
            for (int i = 1200; !rule.isMet(); i++) {
                crashes.clear();
                store.put("key" + i, value(i, 1000));
                setup.scheduler.runAll();
            }
            disk.faults().clear();
            crashes.add(Stores.copy(directory, parent));
            for (Path crash : crashes) {
                try (LogStore killed = setup.at(crash).maxSize(MAX_SIZE).open()) {
                    for (int i = 0; i < 1200; i++) {
                        assertThat(killed.contains("key" + i) || !store.contains("key" + i))
                                .as("key%d in %s", i, crash)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(Stores.bytes(directory)).isLessThanOrEqualTo(MAX_SIZE + SEGMENT);
    }

    @Test
    void rewrittenSegmentWithoutItsFooterIsReadByItsRecords() throws IOException {
        try (LogStore store = open()) {
            fill(store, 0, 2000);
            Path copy = Stores.copy(directory, parent);
            int damaged = 0;
            for (Path segment : segments(copy)) {
                if (number(segment) % Log.STEP != 0) {
                    byte[] bytes = Files.readAllBytes(segment);
                    bytes[bytes.length - 1] ^= 1;
                    Files.write(segment, bytes);
                    damaged++;
                }
            }
            assertThat(damaged).isGreaterThan(3);
            try (LogStore killed = setup.at(copy).maxSize(MAX_SIZE).open()) {
                assertThat(killed.size()).isEqualTo(store.size());
            }
        }
    }

    @Test
    void cutRewrittenSegmentUncoversNothingOlder() throws IOException {
        try (LogStore store = open()) {
            fill(store, 0, 2000);
            Path copy = Stores.copy(directory, parent);
            List<Path> segments = segments(copy);
            Path cut = segments.stream()
                    .filter(segment -> number(segment) % Log.STEP != 0)
                    .skip(2)
                    .findFirst()
                    .orElseThrow();
            Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 2000));
            long newer = segments.stream()
                    .filter(segment -> number(segment) > number(cut))
                    .count();
            try (LogStore killed = setup.at(copy).maxSize(MAX_SIZE).open()) {
                // The last one was in reserve.
                assertThat(killed.logStats().segments()).isEqualTo((int) newer - 1);
                assertThat(killed.size()).isBetween(1L, store.size() - 1);
            }
        }
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("shard-0-of-1").resolve("segments"))) {
            return files.sorted(Comparator.comparingLong(LogStoreRewriteTests::number))
                    .toList();
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(".seg", ""));
    }

    /** An old value is in a segment that stays because all of it is used; what hides it is in segments that go. */
    @ParameterizedTest
    @CsvSource({
        "put",
        "remove",
        "remove put",
        "expire put",
        "put remove put",
        "touch",
        "pop put remove",
        "remove reopen put",
        "expire reopen put"
    })
    void whatIsBelowAHotSegmentDoesNotComeBack(String acts) {
        LogStore store = open();
        try {
            store.put("key", bytes("old"));
            for (int i = 0; i < 58; i++) {
                store.put("hot" + i, value(i, 1000));
            }
            fillAmongHot(store, -64, 0);
            store.put("key", Entry.of(bytes("newer"), setup.clock.millis() + 1000));
            int filled = 0;
            for (String act : acts.split(" ")) {
                if (act.equals("reopen")) {
                    store.close();
                    store = open();
                }
                act(store, act);
                filled += 130;
                fillAmongHot(store, filled - 130, filled);
            }
            fillAmongHot(store, filled, filled + 3000);
            assertThat(store.contains("hot1")).isTrue();
            assertThat(store.get("key")).isNull();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.contains("hot1")).isTrue();
                assertThat(text(killed.get("key"))).isNull();
            }
        } finally {
            store.close();
        }
    }

    private void act(LogStore store, String act) {
        switch (act) {
            case "put" -> store.put("key", bytes("new"));
            case "remove" -> store.remove("key");
            case "pop" -> store.pop("key");
            case "reopen" -> store.get("hot1");
            case "touch" -> store.touch("key", setup.clock.millis() + 60_000, setup.clock.millis() + 60_000);
            default -> {
                setup.clock.advanceMillis(2000);
                for (int i = 0; i < 20; i++) {
                    setup.scheduler.runAll();
                }
            }
        }
    }

    private void fillAmongHot(LogStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put("fill" + i, value(i, 1000));
            store.get("hot" + Math.floorMod(i, 58));
            setup.scheduler.runAll();
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 1", "64, 2", "6, 3"})
    void nothingOldComesBackWhateverIsDone(int hashBits, long seed) {
        Random random = new Random(seed);
        byte[][] expected = new byte[200][];
        long[] until = new long[expected.length];
        try (LogStore store =
                setup.at(directory).hashBits(hashBits).maxSize(8 * SEGMENT).open()) {
            for (int i = 0; i < 30_000; i++) {
                int number = (int) Math.abs(random.nextGaussian() * 60) % expected.length;
                String key = "key" + number;
                switch (random.nextInt(8)) {
                    case 0 -> {
                        store.remove(key);
                        expected[number] = null;
                    }
                    case 1, 2, 3 -> {
                        expected[number] = value(i, 100 + random.nextInt(3000));
                        until[number] = setup.clock.millis() + (random.nextInt(3) == 0 ? 500 : 500_000);
                        store.put(key, Entry.of(expected[number], until[number]));
                    }
                    case 4 -> {
                        if (store.touch(key, setup.clock.millis() + 900, setup.clock.millis() + 900)) {
                            until[number] = setup.clock.millis() + 900;
                        }
                    }
                    default -> store.get("key" + random.nextInt(50));
                }
                setup.clock.advanceMillis(random.nextInt(10));
                if (i % 20 == 0) {
                    setup.scheduler.runAll();
                }
                if (i % 500 == 0) {
                    try (LogStore killed = setup.at(Stores.copy(directory, parent))
                            .hashBits(hashBits)
                            .maxSize(8 * SEGMENT)
                            .open()) {
                        assertNothingOld(killed, expected, until);
                    }
                    assertNothingOld(store, expected, until);
                }
            }
            assertThat(store.logStats().movedBytes()).isPositive();
            assertThat(setup.failures.counts()).isEmpty();
        }
    }

    private void assertNothingOld(LogStore store, byte[][] expected, long[] until) {
        for (int number = 0; number < expected.length; number++) {
            boolean lives = expected[number] != null && setup.clock.millis() < until[number];
            assertThat(store.get("key" + number)).as("key%d", number).isIn(lives ? expected[number] : null, null);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 10", "3, 1", "10, 2"})
    void fewEntriesArePutTogetherOnceAndThenLeftAlone(int runs, int entries) {
        for (int run = 0; run < runs; run++) {
            try (LogStore store = setup.open(directory)) {
                for (int i = 0; i < entries; i++) {
                    store.put("key" + i + " of run " + run, bytes("value"));
                }
            }
        }
        try (LogStore store = setup.open(directory)) {
            store.get("key");
            setup.scheduler.runAll();
            assertThat(store.logStats().segments()).isLessThanOrEqualTo(2);
            assertThat(store.size()).isEqualTo(runs * entries);
            assertNothingIsWritten(store);
        }
    }

    /** What is removed is in a segment that stays, so its tombstones have to stay, too. */
    @Test
    void tombstonesThatHaveToStayAreRewrittenOnce() {
        try (LogStore store = setup.open(directory)) {
            for (int i = 0; i < 50; i++) {
                store.put("removed" + i, bytes("value"));
            }
            for (int i = 0; i < 55; i++) {
                store.put("key" + i, value(i, 1000));
            }
            for (int i = 0; i < 50; i++) {
                store.remove("removed" + i);
            }
            for (int i = 0; i < 130; i++) {
                store.put("replaced", value(i, 1000));
            }
            assertIsLeftAlone(store);
        }
    }

    @Test
    void recordsOfLargeValuesWithLongKeysAreLeftAlone() {
        try (LogStore store = setup.open(directory)) {
            for (int i = 0; i < 10; i++) {
                store.put("key" + i + "-".repeat(500), value(i, 20_000));
            }
            assertIsLeftAlone(store);
        }
    }

    private void assertIsLeftAlone(LogStore store) {
        for (int i = 0; i < 10; i++) {
            setup.scheduler.runAll();
        }
        assertNothingIsWritten(store);
    }

    private void assertNothingIsWritten(LogStore store) {
        long written = store.logStats().writtenBytes();
        setup.scheduler.runAll();
        setup.scheduler.runAll();
        assertThat(store.logStats().writtenBytes()).isEqualTo(written);
    }

    /** If segments of few records that tell of large values became one, all of these would go at once. */
    @Test
    void largeValuesThatWereFoundGoFewAtATime() {
        try (LogStore store = open()) {
            for (int i = 0; i < 40; i++) {
                store.put("key" + i, value(i, 20_000));
            }
        }
        try (LogStore store = open()) {
            store.get("key0");
            setup.scheduler.runAll();
            long before = store.size();
            for (int i = 40; i < 80; i++) {
                store.put("key" + i, value(i, 20_000));
                setup.scheduler.runAll();
                assertThat(store.size()).isGreaterThan(before - 8);
                before = store.size();
            }
        }
    }

    @Test
    void whoIsPutAgainAfterItWentStaysLonger() {
        try (LogStore store = open()) {
            fill(store, 0, 5000);
            int gone = 4999;
            while (store.contains("key" + gone)) {
                gone--;
            }
            store.put("key" + gone, value(gone, 1000));
            store.put("new", bytes("value"));
            for (int i = 5000; store.contains("new"); i++) {
                store.put("key" + i, value(i, 1000));
                setup.scheduler.runAll();
            }
            assertThat(store.contains("key" + gone)).isTrue();
        }
    }
}
