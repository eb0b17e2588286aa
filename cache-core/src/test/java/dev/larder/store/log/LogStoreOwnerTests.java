package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may use a directory. What another process sees is simulated by a lock that this one took by another way. */
class LogStoreOwnerTests {

    private final LogSetup setup = new LogSetup();

    private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path directory;

    @Test
    void storesOfOneDirectoryAreTheSame() {
        LogStore first = setup.open(directory);
        LogStore second = setup.at(directory.resolve("..").resolve(directory.getFileName()))
                .open();
        first.put("key", bytes("value"));
        assertThat(text(second.get("key"))).isEqualTo("value");
        first.close();
        first.close();
        assertThat(first.get("key")).isNull();
        assertThat(text(second.get("key"))).isEqualTo("value");
        second.close();
        assertThat(second.get("key")).isNull();
        try (LogStore third = setup.open(directory)) {
            assertThat(text(third.get("key"))).isEqualTo("value");
        }
    }

    @Test
    void directoryThatIsTakenIsRefusedWithTheNameOfItsHolder() throws IOException {
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            for (OnLocked onLocked : new OnLocked[] {OnLocked.FAIL, OnLocked.WAIT}) {
                assertThatExceptionOfType(UnusableDirectoryException.class)
                        .isThrownBy(() -> setup.at(directory)
                                .onLocked(onLocked)
                                .lockWait(Duration.ofMillis(60))
                                .open())
                        .withMessageContaining(directory.toString())
                        .withMessageContaining(
                                "\"pid\":" + ProcessHandle.current().pid());
            }
        }
        setup.open(directory).close();
    }

    @Test
    void privateDirectoryIsEmptyAndGoesWithItsStore() throws IOException {
        try (LogStore store = setup.open(directory)) {
            store.put("key", bytes("value"));
        }
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            try (LogStore store = setup.at(directory).onLocked(OnLocked.PRIVATE).open()) {
                assertThat(store.get("key")).isNull();
                store.put("key", bytes("mine"));
                assertThat(text(store.get("key"))).isEqualTo("mine");
            }
            assertThat(Directories.list(directory.resolve("private"))).isEmpty();
        }
        try (LogStore store = setup.open(directory)) {
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
    }

    @Test
    void fileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> setup.open(file.resolve("store")))
                .withMessageContaining("'" + file + "' is a file")
                .withMessageContaining("Move the file away");
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        try (LogStore store = setup.open(directory)) {
            store.put("key", bytes("value"));
            assertThat(Files.getPosixFilePermissions(directory.resolve("lock"))).hasSize(2);
            assertThat(Files.getPosixFilePermissions(directory.resolve("shard-0-of-1")))
                    .hasSize(3);
        }
    }

    @Test
    void interruptDoesNotKeepADirectoryFromBeingOpened() {
        disk.faults().injectAt(1, call -> Thread.currentThread().interrupt(), Call.of(Operation.TRUNCATE));
        try (LogStore store = setup.open(disk.over(directory))) {
            assertThat(Thread.interrupted()).isTrue();
            store.put("key", bytes("value"));
            assertThat(text(store.get("key"))).isEqualTo("value");
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void directoryOfFullDiskOpens() {
        try (LogStore store = setup.open(directory)) {
            store.put("key", bytes("value"));
        }
        disk.faults().inject(Fault.fullDisk(), Call.of(Operation.WRITE));
        try (LogStore store = setup.open(disk.over(directory))) {
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
    }

    @Test
    void shardThatCannotBeOpenedAtOnceIsNamed() {
        disk.faults().inject(Fault.accessDenied(), Call.about("shard-1-of-2"));
        LogStore.Builder builder = setup.at(disk.over(directory)).shards(2).openAtOnce(true);
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(builder::open)
                .withMessageContaining(directory.toString())
                .withMessageContaining("may not write");
        disk.faults().clear();
        builder.open().close();
    }

    @Test
    void privateDirectoryThatCannotBeDeletedIsGivenBack() throws IOException {
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            try (LogStore store =
                    setup.at(disk.over(directory)).onLocked(OnLocked.PRIVATE).open()) {
                store.put("key", bytes("mine"));
                disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.DELETE));
            }
            disk.faults().clear();
            Path left = Directories.list(directory.resolve("private")).get(0);
            try (Owner next = Owner.acquire(left, Duration.ZERO)) {
                assertThat(next).isNotNull();
            }
        }
    }

    private void assertOpensPrivately() {
        try (LogStore store =
                setup.at(disk.over(directory)).onLocked(OnLocked.PRIVATE).open()) {
            store.put("key", bytes("mine"));
            assertThat(text(store.get("key"))).isEqualTo("mine");
        }
    }

    /** It is empty until it is locked, so it may be taken for one whose process has ended. */
    @Test
    void privateDirectoryThatAnotherProcessDeletesIsMadeAnew() throws IOException {
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            disk.faults()
                    .injectAt(
                            1,
                            call -> Files.delete(
                                    Objects.requireNonNull(call.path().getParent())),
                            Call.of(Operation.CREATE).and(Call.about("private")));
            assertOpensPrivately();
        }
    }

    @Test
    void privateDirectoryThatAnotherProcessDeletesToo() throws IOException {
        Path left = Files.createDirectories(directory.resolve("private").resolve("1-1"));
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            disk.faults()
                    .injectAt(
                            1,
                            call -> Files.delete(left),
                            Call.of(Operation.CREATE).and(Call.about("private")));
            assertOpensPrivately();
        }
    }

    @Test
    void lockOfADeletedFileIsNone() throws IOException {
        try (Owner other = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(other).isNotNull();
            Fault deletion = call -> {
                Files.delete(call.path());
                Files.delete(Objects.requireNonNull(call.path().getParent()));
            };
            disk.faults()
                    .injectAt(
                            1,
                            Fault.afterwards(deletion),
                            Call.of(Operation.CREATE).and(Call.about("private")));
            try (LogStore store =
                    setup.at(disk.over(directory)).onLocked(OnLocked.PRIVATE).open()) {
                store.put("key", bytes("mine"));
                assertThat(Directories.list(directory.resolve("private")))
                        .singleElement()
                        .satisfies(own -> assertThat(own.resolve("lock")).exists());
            }
        }
    }

    @Test
    void whatIsLeftOverAndCannotBeListedKeepsNobodyOut() throws IOException {
        Files.createDirectory(directory.resolve("private"));
        disk.faults().inject(Fault.inputOutputError(), Call.of(Operation.LIST).and(Call.about("private")));
        try (LogStore store = setup.open(disk.over(directory))) {
            store.put("key", bytes("value"));
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
        assertThat(setup.failures.counts()).containsOnlyKeys("delete");
    }

    @Test
    void whatIsWhereOwnFilesShouldBeIsMovedAside() throws IOException {
        Files.createDirectory(directory.resolve("lock"));
        Files.writeString(directory.resolve("private"), "mine");
        try (LogStore store = setup.open(directory)) {
            store.put("key", bytes("value"));
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
        try (Owner other = Owner.acquire(directory, Duration.ZERO);
                LogStore store = setup.at(directory).onLocked(OnLocked.PRIVATE).open()) {
            assertThat(other).isNotNull();
            assertThat(store.get("key")).isNull();
        }
        assertThat(directory.resolve("lock.aside-0")).isDirectory();
        assertThat(directory.resolve("private.aside-0")).hasContent("mine");
    }
}
