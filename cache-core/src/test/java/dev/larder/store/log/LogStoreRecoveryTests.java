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
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there when a store is opened again, after it was closed, after it was killed, and after somebody changed its files. */
class LogStoreRecoveryTests {

    private final LogSetup setup = new LogSetup();

    @TempDir
    private Path parent;

    private Path directory;

    private LogStore open() {
        directory = Stores.newDirectory(parent);
        return setup.open(directory);
    }

    /** Opens what would be left if the process was killed now. */
    private LogStore reopenKilled() {
        return setup.open(Stores.copy(directory, parent));
    }

    @Test
    void entriesAreThereAfterClose() {
        try (LogStore store = open()) {
            store.put(
                    "key",
                    new Entry<>(bytes("value"), setup.clock.millis() + 10, setup.clock.millis() + 20, "\"etag\""));
            store.put("ключ", bytes("two bytes for a character"));
            store.put("", bytes(""));
        }
        try (LogStore store = setup.open(directory)) {
            assertThat(store.size()).isEqualTo(3);
            Entry<byte[]> entry = store.entry("key");
            assertThat(text(entry.value())).isEqualTo("value");
            assertThat(entry.etag()).isEqualTo("\"etag\"");
            assertThat(entry.freshUntil()).isEqualTo(setup.clock.millis() + 10);
            assertThat(entry.keptUntil()).isEqualTo(setup.clock.millis() + 20);
            assertThat(text(store.get("ключ"))).isEqualTo("two bytes for a character");
            assertThat(store.get("")).isEmpty();
        }
    }

    @Test
    void everyWriteIsThereAfterKill() {
        try (LogStore store = open()) {
            for (int i = 0; i < 1000; i++) {
                store.put("key" + i, value(i, 100 + i));
            }
            for (int i = 0; i < 1000; i += 3) {
                store.remove("key" + i);
            }
            for (int i = 1; i < 1000; i += 3) {
                store.put("key" + i, value(-i, 50));
            }
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.size()).isEqualTo(store.size());
                for (int i = 0; i < 1000; i++) {
                    byte[] expected = i % 3 == 0 ? null : i % 3 == 1 ? value(-i, 50) : value(i, 100 + i);
                    assertThat(killed.get("key" + i)).as("key%d", i).isEqualTo(expected);
                }
                assertThat(setup.failures.counts()).isEmpty();
            }
        }
    }

    @Test
    void reopeningManyTimesLosesNothing() {
        open().close();
        for (int round = 0; round < 20; round++) {
            try (LogStore store = setup.open(directory)) {
                assertThat(store.size()).isEqualTo(round);
                store.put("key" + round, value(round, 3000));
                setup.scheduler.runAll();
            }
        }
        try (LogStore store = setup.open(directory)) {
            for (int round = 0; round < 20; round++) {
                assertThat(store.get("key" + round)).isEqualTo(value(round, 3000));
            }
        }
    }

    @Test
    void clearedEntriesDoNotComeBack() {
        try (LogStore store = open()) {
            store.put("old", bytes("value"));
            assertThat(store.clear()).isTrue();
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.size()).isZero();
            }
            store.put("new", bytes("value"));
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("old")).isNull();
                assertThat(text(killed.get("new"))).isEqualTo("value");
            }
        }
    }

    @Test
    void whatExpiredDoesNotComeBackWhenTheClockIsSetBack() {
        Entry<byte[]> entry = Entry.of(bytes("value"), setup.clock.millis() + 1000);
        try (LogStore store = open()) {
            store.put("key", entry);
            setup.clock.advanceMillis(5000);
            assertThat(store.get("key")).isNull();
            store.put("other", bytes("value"));
        }
        setup.clock.advanceMillis(-5000);
        try (LogStore store = setup.open(directory)) {
            assertThat(store.get("key")).isNull();
            assertThat(store.get("other")).isNotNull();
        }
    }

    @Test
    void anotherCodecStartsEmpty() {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
        }
        try (LogStore store = setup.at(directory).codec("json").open()) {
            assertThat(store.get("key")).isNull();
        }
    }

    @Test
    void anotherNumberOfShardsStartsEmptyForGood() {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
        }
        try (LogStore store = setup.at(directory).shards(2).open()) {
            assertThat(store.get("key")).isNull();
        }
        try (LogStore store = setup.open(directory)) {
            assertThat(store.get("key")).isNull();
        }
    }

    @Test
    void shardsKeepTheirEntries() {
        directory = Stores.newDirectory(parent);
        try (LogStore store = setup.at(directory).shards(4).open()) {
            for (int i = 0; i < 500; i++) {
                store.put("key" + i, value(i, 100));
            }
        }
        try (LogStore store = setup.at(directory).shards(4).open()) {
            for (int i = 0; i < 500; i++) {
                assertThat(store.get("key" + i)).isEqualTo(value(i, 100));
            }
            assertThat(store.size()).isEqualTo(500);
            assertThat(store.logStats().segments()).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void shardsAreReadWhenUsedOrAtOnce() {
        directory = Stores.newDirectory(parent);
        try (LogStore store = setup.at(directory).shards(4).open()) {
            for (int i = 0; i < 500; i++) {
                store.put("key" + i, value(i, 100));
            }
        }
        try (LogStore store = setup.at(directory).shards(4).open()) {
            assertThat(store.size()).isZero();
            assertThat(store.get("key0")).isEqualTo(value(0, 100));
            assertThat(store.size()).isBetween(1L, 499L);
        }
        try (LogStore store = setup.at(directory).shards(4).openAtOnce(true).open()) {
            assertThat(store.size()).isEqualTo(500);
        }
    }

    @Test
    void withoutStateTheStoreIsEmptyAndItsFilesAreGone() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
        }
        Files.delete(shard().resolve("state"));
        try (LogStore store = setup.open(directory)) {
            assertThat(store.get("key")).isNull();
            assertThat(segments()).isEmpty();
        }
    }

    @Test
    void missingSegmentDoesNotUncoverOlderOnes() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("old"));
            fillSegments(store, 2);
            store.put("key", bytes("new"));
            fillSegments(store, 2);
            store.put("last", bytes("value"));
        }
        List<Path> segments = segments();
        for (int i = 0; i < segments.size(); i++) {
            Path copy = Stores.copy(directory, parent);
            Files.delete(copy.resolve(directory.relativize(segments.get(i)).toString()));
            try (LogStore store = setup.open(copy)) {
                assertThat(text(store.get("key")))
                        .as("without %s", segments.get(i))
                        .isNotEqualTo("old");
            }
        }
    }

    @Test
    void cutSegmentDoesNotUncoverOlderValues() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("old"));
            store.put("key", bytes("new"));
            store.put("last", bytes("value"));
            try (LogStore killed = reopenKilled()) {
                assertThat(text(killed.get("key"))).isEqualTo("new");
            }
            Path segment = segments().get(0);
            long end = SegmentHeader.LENGTH + 5 * 72;
            for (long cut = 0; cut < end; cut += 4) {
                Path copy = Stores.copy(directory, parent);
                try (SteadyFile file = SteadyFile.write(
                        copy.resolve(directory.relativize(segment).toString()))) {
                    file.truncate(cut);
                }
                try (LogStore killed = setup.open(copy)) {
                    assertThat(text(killed.get("key"))).as("cut at %d", cut).isNotEqualTo("old");
                }
            }
        }
    }

    @Test
    void flippedByteGivesTheRightValueOrAMiss() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("old"));
            store.put("removed", bytes("removed"));
            store.put("key", bytes("new"));
            store.remove("removed");
            store.put("last", bytes("value"));
            assertFlipsAreHarmless();
        }
        assertFlipsAreHarmless();
    }

    private void assertFlipsAreHarmless() throws IOException {
        for (Path path : List.of(segments().get(0), shard().resolve("state"))) {
            long end = Math.min(Files.size(path), 900);
            for (long at = 0; at < end; at++) {
                Path copy = Stores.copy(directory, parent);
                try (SteadyFile file =
                        SteadyFile.write(copy.resolve(directory.relativize(path).toString()))) {
                    byte[] one = new byte[1];
                    file.read(one, 0, 1, at);
                    one[0] ^= 8;
                    file.write(one, 0, 1, at);
                }
                try (LogStore store = setup.open(copy)) {
                    assertThat(text(store.get("key")))
                            .as("byte %d of %s", at, path)
                            .isIn("new", null);
                    assertThat(text(store.get("removed")))
                            .as("byte %d of %s", at, path)
                            .isNull();
                    assertThat(text(store.get("last")))
                            .as("byte %d of %s", at, path)
                            .isIn("value", null);
                }
            }
        }
    }

    @Test
    void tornLastRecordIsAsIfItWasNotWritten() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("old"));
            store.put("pad", value(1, 3000));
            store.put("key", value(2, 6000));
            Path copy = Stores.copy(directory, parent);
            Path segment = copy.resolve(directory.relativize(segments().get(0)).toString());
            try (SteadyFile file = SteadyFile.write(segment)) {
                file.write(new byte[4096], 0, 4096, 8192);
            }
            try (LogStore killed = setup.open(copy)) {
                assertThat(text(killed.get("key"))).isEqualTo("old");
                assertThat(killed.get("pad")).isNotNull();
            }
        }
    }

    @Test
    void recordsInsideOfValuesAreNotAdopted() throws IOException {
        try (LogStore store = open()) {
            store.put("planted", bytes("value"));
            byte[] segment = Files.readAllBytes(segments().get(0));
            store.remove("planted");
            store.put("carrier", java.util.Arrays.copyOf(segment, 4000));
            try (LogStore killed = reopenKilled()) {
                assertThat(killed.get("planted")).isNull();
                assertThat(killed.get("carrier")).hasSize(4000);
            }
        }
    }

    @Test
    void keysThatShareAHashNeverGetEachOthersValues() {
        directory = Stores.newDirectory(parent);
        try (LogStore store = setup.at(directory).hashBits(4).open()) {
            for (int i = 0; i < 100; i++) {
                store.put("key" + i, bytes("value" + i));
            }
        }
        try (LogStore store = setup.at(directory).hashBits(4).open()) {
            int hits = 0;
            for (int i = 0; i < 100; i++) {
                String value = text(store.get("key" + i));
                assertThat(value).isIn("value" + i, null);
                hits += value == null ? 0 : 1;
            }
            assertThat(hits).isEqualTo((int) store.size()).isBetween(10, 16);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"state", "state.tmp", "segments/65536.seg", "segments/77.seg", "large/77-64.val", "large/tmp-1"})
    void directoryInThePlaceOfAFileIsMovedAside(String name) throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
            store.put("large", value(1, LogSetup.SEGMENT));
        }
        Path path = shard().resolve(name);
        Files.deleteIfExists(path);
        Path inside = Files.createDirectory(path).resolve("inside");
        Files.writeString(inside, "mine");
        assertOpensForGood();
        assertThat(path.resolveSibling(path.getFileName() + ".aside-0").resolve("inside"))
                .hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "segments", "large"})
    void fileInThePlaceOfADirectoryIsMovedAside(String name) throws IOException {
        directory = Stores.newDirectory(parent);
        Path path = shard().resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "mine");
        assertOpensForGood();
        assertThat(path.resolveSibling(path.getFileName() + ".aside-0")).hasContent("mine");
    }

    private void assertOpensForGood() {
        try (LogStore store = setup.open(directory)) {
            assertThat(text(store.get("key"))).isIn("value", null);
            store.put("new", bytes("value"));
            store.put("newLarge", value(2, LogSetup.SEGMENT));
            assertThat(store.get("newLarge")).isEqualTo(value(2, LogSetup.SEGMENT));
        }
        try (LogStore store = setup.open(directory)) {
            assertThat(text(store.get("new"))).isEqualTo("value");
            assertThat(store.get("newLarge")).isEqualTo(value(2, LogSetup.SEGMENT));
        }
    }

    @Test
    void stateThatCannotBeReadStartsEmpty() {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
        }
        FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());
        disk.faults()
                .injectAt(1, Fault.inputOutputError(), Call.of(Operation.READ).and(Call.about("state")));
        try (LogStore store = setup.open(disk.over(directory))) {
            assertThat(store.get("key")).isNull();
            store.put("key", bytes("new"));
        }
        try (LogStore store = setup.open(directory)) {
            assertThat(text(store.get("key"))).isEqualTo("new");
        }
    }

    @Test
    void footerOfAProcessThatWasKilledBeforeItsEndLosesNothing() {
        directory = Stores.newDirectory(parent);
        FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());
        List<Path> killed = new ArrayList<>();
        disk.faults()
                .inject(
                        call -> killed.add(Stores.copy(directory, parent)),
                        Call.about(".seg").and(Call.of(Operation.TRUNCATE)));
        try (LogStore store = setup.at(disk.over(directory)).open()) {
            for (int i = 0; i < 100; i++) {
                store.put("key" + i, value(i, 100));
            }
        }
        assertThat(killed).isNotEmpty();
        try (LogStore store = setup.open(killed.get(0))) {
            assertThat(store.size()).isEqualTo(100);
        }
    }

    /**
     * The first loss takes the end of a segment, so what is newer goes. The second one takes what the process in between wrote, but not the
     * footer that it gave to that segment.
     */
    @Test
    void whatALossOfPowerTookDoesNotComeBackWithTheNextOne() throws IOException {
        directory = Stores.newDirectory(parent);
        Path before;
        try (LogStore store = openRun(1)) {
            store.put("key", bytes("old"));
            fillSegments(store, 1);
            store.put("key", bytes("in the next segment"));
            before = Stores.copy(directory, parent);
        }
        directory = Stores.copy(before, parent);
        List<Path> segments = segments();
        try (RandomAccessFile file = new RandomAccessFile(segments.get(0).toFile(), "rw")) {
            int half = LogSetup.SEGMENT / 2;
            file.seek(half);
            file.write(new byte[half]);
        }
        try (LogStore store = openRun(2)) {
            assertThat(text(store.get("key"))).isEqualTo("old");
            store.put("another", bytes("value"));
            directory = Stores.copy(directory, parent);
        }
        for (String name : List.of("state", "segments/" + segments.get(1).getFileName())) {
            Path lost = before.resolve("shard-0-of-1").resolve(name);
            Files.copy(lost, shard().resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        try (LogStore store = openRun(3)) {
            assertThat(text(store.get("key"))).isEqualTo("old");
        }
    }

    private LogStore openRun(int number) {
        return setup.at(directory).bootId("run " + number).open();
    }

    @Test
    void filesOfOthersStay() throws IOException {
        try (LogStore store = open()) {
            store.put("key", bytes("value"));
        }
        Path alien = Files.writeString(shard().resolve("segments").resolve("notes.txt"), "mine");
        setup.open(directory).close();
        assertThat(alien).exists();
    }

    private static void fillSegments(LogStore store, int count) {
        for (int i = 0; i < count * LogSetup.SEGMENT / 4096; i++) {
            store.put("fill" + i, value(i, 4096));
        }
    }

    private Path shard() {
        return directory.resolve("shard-0-of-1");
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(shard().resolve("segments"))) {
            return files.sorted((a, b) -> Long.compare(number(a), number(b))).toList();
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(".seg", ""));
    }
}
