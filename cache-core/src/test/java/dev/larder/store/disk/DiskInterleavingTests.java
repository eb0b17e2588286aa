package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Payload;
import dev.larder.store.Store;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What another process does just between two calls of this one. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskInterleavingTests {

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final Faults faults = fileSystem.faults();

    private final Setup setup = new Setup();

    @TempDir
    private Path directory;

    /** Lets something happen just before the next call like this. */
    private Faults.Rule before(Predicate<Call> call, Runnable other) {
        return faults.injectAt(1, unused -> other.run(), call);
    }

    private static Predicate<Call> moveOfAnEntry() {
        return call -> call.operation() == Operation.MOVE && Writer.ofTemporary(name(call.path())) == null;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void entryWrittenInPlaceOfAStaleOneIsTheOneThatIsPresent(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup);
                Store<String, String> other = shape.open(directory, setup)) {
            store.put("key", new Entry<>("stale", setup.clock.millis(), Entry.FOREVER, null));
            Faults.Rule claim = before(moveOfAnEntry(), () -> other.put("key", Entry.of("theirs")));
            assertThat(store.putIfAbsent("key", Entry.of("mine"))).isEqualTo("theirs");
            assertThat(claim.isMet()).isTrue();
            assertThat(store.get("key")).isIn("theirs", null);
            assertThat(other.get("key")).isIn("theirs", null);
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void whatAnotherRemovedIsNotPutBackForAStaleOne(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup);
                Store<String, String> other = shape.open(directory, setup)) {
            store.put("key", new Entry<>("stale", setup.clock.millis(), Entry.FOREVER, null));
            boolean[] claimed = new boolean[1];
            before(moveOfAnEntry(), () -> {
                other.put("key", Entry.of("theirs"));
                claimed[0] = true;
            });
            Faults.Rule read = before(call -> claimed[0] && call.operation() == Operation.OPEN, () -> {
                assertThat(other.get("key")).isNull();
                other.remove("key");
            });
            assertThat(store.putIfAbsent("key", Entry.of("mine"))).isEqualTo("theirs");
            assertThat(read.isMet()).isTrue();
            assertThat(store.get("key")).isNull();
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER_BYTES", "FOLDER_ENCRYPTED"})
    void bodyReplacedSinceItsManifestWasReadIsNoMiss(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup);
                Store<String, String> other = shape.open(directory, setup)) {
            store.put("key", Entry.of("old"));
            Faults.Rule open = before(
                    Call.of(Operation.OPEN).and(call -> name(call.path()).startsWith("body-")),
                    () -> other.put("key", Entry.of("new")));
            assertThat(store.get("key")).isEqualTo("new");
            assertThat(open.isMet()).isTrue();
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void manifestThatIsJustOverwrittenIsReadAgain(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            store.put("key", Entry.of("value"));
            Predicate<Call> read = Call.of(Operation.READ).and(call -> call.position() == 0);
            faults.injectAt(1, Fault.flipped(10), read);
            Faults.Rule second = faults.injectAt(2, Fault.flipped(10), read);
            assertThat(store.get("key")).isEqualTo("value");
            assertThat(second.isMet()).isTrue();
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void storeThatIsMadeMeanwhileIsTheOneThatIsOpened(Shape shape) {
        List<Store<String, String>> others = new ArrayList<>();
        before(
                call -> call.target() != null && name(call.target()).equals("store.json"),
                () -> others.add(shape.open(directory, new Setup().maxEntries(100_000))));
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            assertThat(others).hasSize(1);
            store.put("key", Entry.of("value"));
            assertThat(others.get(0).get("key")).isEqualTo("value");
        } finally {
            others.forEach(Store::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void putIntoADirectoryThatIsClearedMeanwhileIsKept(Shape shape) {
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup);
                Store<String, String> other = shape.open(directory, setup)) {
            store.put("old", Entry.of("value"));
            Faults.Rule clear =
                    before(Call.of(Operation.MOVE, Operation.LINK).and(Call.about("entries")), () -> other.clear());
            store.put("key", Entry.of("value"));
            assertThat(clear.isMet()).isTrue();
            assertThat(store.get("key")).isEqualTo("value");
            assertThat(other.get("key")).isEqualTo("value");
        }
        assertThat(setup.failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"HASHED_BYTES", "FOLDER_BYTES"})
    void interruptInTheMiddleOfAWriteDisturbsNothing(Shape shape) {
        Predicate<Call> write = Call.of(Operation.WRITE).and(Call.about("entries"));
        try (Store<String, String> store = shape.open(fileSystem.over(directory), setup)) {
            boolean interrupted = true;
            for (int nth = 1; interrupted; nth++) {
                Faults.Rule rule =
                        faults.injectAt(nth, call -> Thread.currentThread().interrupt(), write);
                store.put("key" + nth, Entry.of("value"));
                interrupted = Thread.interrupted();
                assertThat(interrupted).as("interrupted at write %d", nth).isEqualTo(rule.isMet());
                assertThat(store.get("key" + nth))
                        .as("interrupted at write %d", nth)
                        .isEqualTo("value");
                faults.clear();
            }
            before(write, () -> Thread.currentThread().interrupt());
            long until = setup.clock.millis() + 1000;
            assertThat(store.touch("key1", until, until)).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(store.entry("key1")).isEqualTo(new Entry<>("value", until, until, null));
        }
        assertThat(setup.failures.counts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void interruptedThreadWritesAndRemovesDurably(Shape shape) {
        Setup durable = new Setup().durability(Durability.ALWAYS);
        try (Store<String, String> store = shape.open(directory, durable)) {
            Thread.currentThread().interrupt();
            store.put("key", Entry.of("value"));
            boolean removed = store.remove("key");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(removed).isTrue();
        }
        assertThat(durable.failures.counts()).isEmpty();
    }

    @Test
    void fileThatWasFetchedBeforeTheLeaseWasGotIsNotFetchedAgain() throws IOException {
        try (DiskStore<Payload> store =
                        setup.apply(DiskStore.files(fileSystem.over(directory))).build();
                DiskStore<Payload> other =
                        setup.apply(DiskStore.files(directory)).build()) {
            Payload theirs = Payload.of(() -> new ByteArrayInputStream("theirs".getBytes(StandardCharsets.UTF_8)));
            Faults.Rule lease = before(
                    Call.of(Operation.CREATE).and(Call.about("locks")), () -> other.put("key", Entry.of(theirs)));
            Path file = FileCache.over(store)
                    .getOrFetch(
                            "key",
                            (key, target) -> {
                                throw new IOException("fetched again");
                            },
                            FileCache.Validator.NONE);
            assertThat(fileSystem.below(file)).hasContent("theirs");
            assertThat(lease.isMet()).isTrue();
        }
    }
}
