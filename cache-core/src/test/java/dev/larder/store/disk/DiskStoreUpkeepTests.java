package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to a store on disk without a caller. */
class DiskStoreUpkeepTests {

    private static final Writer DEAD = new Writer(Writer.self().host(), 999_999_999, 1);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    private final ManualScheduler scheduler = new ManualScheduler();

    private final Failures failures = new Failures("test", clock);

    private final List<Store<?, ?>> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(Store::close);
    }

    @ParameterizedTest
    @EnumSource
    void expiredEntriesLeaveByThemselves(Layout layout) {
        Store<String, byte[]> store = bytes(layout);
        work();
        for (int i = 0; i < 100; i++) {
            store.put("k" + i, Entry.of(new byte[1], i < 60 ? clock.millis() + 1000 : Entry.FOREVER));
        }
        work();
        assertThat(store.size()).isEqualTo(100);
        clock.advanceMillis(1000);
        work();
        assertThat(store.size()).isEqualTo(40);
        assertThat(manifests()).hasSize(40);
        assertThat(store.stats().expired()).isEqualTo(60);
        assertThat(store.stats().weight()).isEqualTo(length());
    }

    @Test
    void entriesOfAnEarlierRunLeaveWhenTheyExpire() {
        Store<String, byte[]> first = bytes(Layout.HASHED);
        first.put("a", Entry.of(new byte[1], clock.millis() + 1000));
        first.close();
        bytes(Layout.HASHED);
        work();
        assertThat(manifests()).hasSize(1);
        clock.advanceMillis(1000);
        work();
        assertThat(manifests()).isEmpty();
    }

    @Test
    void touchedEntryStaysAsLongAsItLives() {
        Store<String, byte[]> store = bytes(Layout.HASHED);
        store.put("a", Entry.of(new byte[1], clock.millis() + 1000));
        store.touch("a", clock.millis() + 5000, clock.millis() + 5000);
        clock.advanceMillis(1000);
        work();
        assertThat(manifests()).hasSize(1);
        clock.advanceMillis(4000);
        work();
        assertThat(manifests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void temporaryFilesOfADeadProcessAreSweptAndThoseOfALiveOneAreNot(Layout layout) throws IOException {
        Store<String, byte[]> store = bytes(layout);
        store.put("a", new byte[1]);
        Path beside = manifests().get(0);
        Path orphan = beside.resolveSibling(Writer.TEMPORARY + DEAD.text() + "-1");
        Path inUse = beside.resolveSibling(Writer.temporaryName());
        Files.createFile(orphan);
        Files.createFile(inUse);
        work();
        assertThat(orphan).doesNotExist();
        assertThat(inUse).exists();
        assertThat(store.get("a")).isNotNull();
    }

    @Test
    void clearedEntriesAreDeletedInTheBackground() throws IOException {
        Store<String, byte[]> store = bytes(Layout.HASHED);
        for (int i = 0; i < 50; i++) {
            store.put("k" + i, new byte[1]);
        }
        store.clear();
        assertThat(store.size()).isZero();
        store.put("a", new byte[1]);
        work();
        assertThat(Directories.list(directory.resolve("trash"))).isEmpty();
        assertThat(store.get("a")).isNotNull();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void sizeIsPutRightAfterFilesWereDeletedByHand() throws IOException {
        Store<String, byte[]> store = bytes(Layout.HASHED);
        for (int i = 0; i < 10; i++) {
            store.put("k" + i, new byte[1]);
        }
        for (Path file : manifests().subList(0, 4)) {
            Files.delete(file);
        }
        work();
        clock.advanceMillis(3000);
        work();
        assertThat(store.size()).isEqualTo(6);
        assertThat(store.stats().weight()).isEqualTo(length());
    }

    @Test
    void fullStoreWhoseFilesWereAllDeletedByHandIsOfUseAgain() throws IOException {
        Store<String, byte[]> store = keep(DiskStore.bytes(directory)
                .maxEntries(4)
                .clock(clock)
                .scheduler(scheduler)
                .build());
        work();
        for (int i = 0; i < 4; i++) {
            store.put("k" + i, new byte[1]);
        }
        for (Path file : manifests()) {
            Files.delete(file);
        }
        store.put("a", new byte[1]);
        assertThat(store.get("a")).isNotNull();
        for (int i = 0; i < 50; i++) {
            work();
        }
        assertThat(store.get("a")).isNotNull();
        for (int i = 0; i < 3; i++) {
            work();
            clock.advanceMillis(3000);
        }
        assertThat(store.size()).isEqualTo(1);
        store.put("b", new byte[1]);
        assertThat(store.get("a")).isNotNull();
    }

    @Test
    void oneOfTwoStoresLoadsAKey() {
        Store<String, byte[]> one = bytes(Layout.HASHED);
        Store<String, byte[]> other = bytes(Layout.HASHED);
        LoadLease lease = one.tryBeginLoad("a");
        assertThat(lease).isNotNull();
        assertThat(lease.lookAgain()).isTrue();
        assertThat(other.tryBeginLoad("a")).isNull();
        assertThat(other.tryBeginLoad("b")).isNotNull();
        lease.close();
        assertThat(other.tryBeginLoad("a")).isNotNull();
    }

    @Test
    void leaseIsKeptForAsLongAsTheLoadTakes() {
        Store<String, byte[]> one = bytes(Layout.HASHED);
        Store<String, byte[]> other = bytes(Layout.HASHED);
        assertThat(one.tryBeginLoad("a")).isNotNull();
        for (int i = 0; i < 60; i++) {
            clock.advance(Duration.ofSeconds(10));
            work();
            assertThat(other.tryBeginLoad("a")).isNull();
        }
    }

    @Test
    void closedStoreGivesItsLeasesBack() {
        Store<String, byte[]> one = bytes(Layout.HASHED);
        Store<String, byte[]> other = bytes(Layout.HASHED);
        assertThat(one.tryBeginLoad("a")).isNotNull();
        one.close();
        assertThat(other.tryBeginLoad("a")).isNotNull();
    }

    @Test
    void closedStoreHasNoWorkAnyMore() {
        bytes(Layout.HASHED).close();
        work();
        assertThat(scheduler.tasks()).isZero();
    }

    @Test
    void storeThatNobodyHoldsIsCollected() {
        WeakReference<Object> store = new WeakReference<>(open(Layout.HASHED));
        for (int i = 0; i < 100 && store.get() != null; i++) {
            System.gc();
        }
        assertThat(store.get()).isNull();
        work();
        assertThat(scheduler.tasks()).isZero();
    }

    @Test
    void allFilesAreForTheirOwnerAlone() throws IOException {
        Store<String, byte[]> store = bytes(Layout.FOLDER);
        store.put("a", new byte[1]);
        assertThat(store.tryBeginLoad("b")).isNotNull();
        store.clear();
        store.put("a", new byte[1]);
        work();
        try (Stream<Path> paths = Files.walk(directory).skip(1)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
        assertThat(directory.resolve("locks")).isNotEmptyDirectory();
        assertThat(directory.resolve("ledger")).isNotEmptyDirectory();
    }

    @Test
    void workReportsNoFaultsOfItsOwn() {
        Store<String, byte[]> store = bytes(Layout.FOLDER);
        for (int i = 0; i < 20; i++) {
            store.put("k" + i % 7, Entry.of(new byte[1], clock.millis() + 1500));
            store.get("k" + i % 5);
            clock.advanceMillis(700);
            work();
        }
        store.clear();
        work();
        assertThat(failures.counts()).isEmpty();
    }

    /** One run does no more than fits into its time, and disks may be slow. */
    private void work() {
        for (int i = 0; i < 10; i++) {
            scheduler.runAll();
        }
    }

    private DiskStore<byte[]> bytes(Layout layout) {
        return keep(open(layout));
    }

    private DiskStore<byte[]> open(Layout layout) {
        return DiskStore.bytes(directory)
                .layout(layout)
                .clock(clock)
                .scheduler(scheduler)
                .failures(failures)
                .build();
    }

    private DiskStore<byte[]> keep(DiskStore<byte[]> store) {
        opened.add(store);
        return store;
    }

    private List<Path> manifests() {
        return files().stream()
                .filter(file -> !file.getFileName().toString().startsWith("body-"))
                .toList();
    }

    private List<Path> files() {
        try (Stream<Path> paths = Files.walk(directory.resolve("entries"))) {
            return paths.filter(Files::isRegularFile).toList();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private long length() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }
}
