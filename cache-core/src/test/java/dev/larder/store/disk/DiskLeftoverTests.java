package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call that failed leaves behind, before anything is tried again. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskLeftoverTests {

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final Faults faults = fileSystem.faults();

    private final Setup setup = new Setup();

    @TempDir
    private Path directory;

    private Store<String, String> open(Shape shape) {
        return shape.open(fileSystem.over(directory), setup);
    }

    /** An entry that was removed, while the disk refused to remove it. */
    private void removeInVain(Store<String, String> store) {
        store.put("key", Entry.of("old"));
        faults.inject(Fault.inputOutputError(), Call.of(Operation.MOVE, Operation.DELETE));
        store.remove("key");
        faults.clear();
    }

    private List<String> files() throws IOException {
        return Listing.all(directory).stream()
                .filter(Files::isRegularFile)
                .map(path -> directory.relativize(path).toString())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void removedInVainIsNotPopped(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            removeInVain(store);
            assertThat(store.pop("key")).isNull();
            assertThat(store.size()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void removedInVainWasNotThereWhenItIsRemovedAgain(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            removeInVain(store);
            assertThat(store.remove("key")).isFalse();
            assertThat(store.size()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void removedInVainIsNotTouched(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            removeInVain(store);
            assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isFalse();
            assertThat(store.get("key")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void removedInVainAndPutAgainIsThere(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            removeInVain(store);
            store.put("key", Entry.of("new"));
            assertThat(store.get("key")).isEqualTo("new");
            removeInVain(store);
            assertThat(store.putIfAbsent("key", Entry.of("newer"))).isNull();
            assertThat(store.get("key")).isEqualTo("newer");
        }
    }

    /** It might have had the shorter life. */
    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void touchedInVainIsGone(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            store.put("key", Entry.of("value"));
            long soon = setup.clock.millis() + 1000;
            faults.inject(Fault.inputOutputError(), Call.of(Operation.WRITE));
            assertThat(store.touch("key", soon, soon)).isFalse();
            assertThat(store.get("key")).isNull();
            faults.clear();
            assertThat(store.get("key")).isNull();
            assertThat(store.size()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void putInVainLeavesNoFilesAndIsNotCounted(Shape shape) throws IOException {
        try (Store<String, String> store = open(shape)) {
            store.put("key", Entry.of("value"));
            store.remove("key");
            List<String> before = files();
            long weight = store.stats().weight();
            faults.inject(Fault.inputOutputError(), Call.of(Operation.MOVE, Operation.LINK));
            store.put("key", Entry.of("value"));
            assertThat(store.putIfAbsent("key", Entry.of("value"))).isNull();
            faults.clear();
            assertThat(files()).isEqualTo(before);
            assertThat(store.size()).isZero();
            assertThat(store.stats().weight()).isEqualTo(weight);
        }
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void putIfAbsentOfWhatIsStaleIsCountedOnce(Shape shape) {
        try (Store<String, String> store = open(shape)) {
            long now = setup.clock.millis();
            store.put("key", new Entry<>("stale", now + 1000, Entry.FOREVER, null));
            long weight = store.stats().weight();
            setup.clock.advanceMillis(2000);
            assertThat(store.putIfAbsent("key", new Entry<>("fresh", now + 9000, Entry.FOREVER, null)))
                    .isNull();
            assertThat(store.get("key")).isEqualTo("fresh");
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.stats().weight()).isEqualTo(weight);
        }
    }
}
