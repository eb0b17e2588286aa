package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Payload;
import dev.larder.store.contract.JavaChild;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values that are files: given out without being read, streamed, and not torn away.
 *
 * <p>{@code -Dlarder.payload.megabytes=1024} stores a larger one.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskPayloadTests {

    private static final long MEGABYTES = Long.getLong("larder.payload.megabytes", 200);

    @TempDir
    private Path directory;

    private final Setup setup = new Setup();

    private DiskStore<Payload> open(Layout layout) {
        return setup.apply(DiskStore.files(directory).layout(layout)).build();
    }

    private static Payload payload(String text) {
        return Payload.of(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Path path(DiskStore<Payload> store, String key) {
        return Objects.requireNonNull(Objects.requireNonNull(store.get(key)).path());
    }

    private void checkGrace(Path used) {
        setup.clock.advance(Setup.GRACE.dividedBy(2));
        setup.scheduler.runAll();
        assertThat(used).as("within the grace").hasContent("in use");
        setup.sweep();
        assertThat(used).as("after the grace").doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void replacedPayloadStaysForItsReaders(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            Path used = path(store, "key");
            store.put("key", Entry.of(payload("new")));
            assertThat(used).hasContent("in use");
            assertThat(path(store, "key")).hasContent("new");
            checkGrace(used);
            assertThat(path(store, "key")).hasContent("new");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void graceOfAnOldPayloadBeginsWhenItIsReplaced(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            Path used = path(store, "key");
            setup.clock.advance(Setup.GRACE.multipliedBy(2));
            store.put("key", Entry.of(payload("new")));
            // What expires soon lets the sweep look before the grace is over.
            store.put("other", Entry.of(payload("short"), setup.clock.millis() + 10));
            checkGrace(used);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void removedPayloadStaysForItsReaders(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            Path used = path(store, "key");
            store.remove("key");
            assertThat(used).hasContent("in use");
            checkGrace(used);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void poppedPayloadStaysForItsReader(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            Path used = Objects.requireNonNull(
                    Objects.requireNonNull(store.pop("key")).path());
            assertThat(used).hasContent("in use");
            checkGrace(used);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void evictedPayloadStaysForItsReaders(Layout layout) {
        setup.maxEntries(4);
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            Path used = path(store, "key");
            for (int i = 0; i < 8; i++) {
                store.put("key" + i, Entry.of(payload("new")));
            }
            assertThat(store.get("key")).isNull();
            assertThat(used).hasContent("in use");
            checkGrace(used);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void expiredPayloadStaysForItsReaders(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use"), setup.clock.millis() + 10));
            Path used = path(store, "key");
            setup.clock.advanceMillis(10);
            setup.scheduler.runAll();
            assertThat(store.get("key")).isNull();
            assertThat(used).hasContent("in use");
            checkGrace(used);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void openedPayloadOutlivesClear(Layout layout) throws IOException {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("in use")));
            try (InputStream stream = Objects.requireNonNull(store.get("key")).open()) {
                store.clear();
                setup.sweep();
                assertThat(stream.readAllBytes()).asString().isEqualTo("in use");
            }
            assertThat(Listing.files(directory.resolve("entries"))).isEmpty();
            assertThat(Listing.all(directory.resolve("trash"))).hasSizeLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void entryCanBePutWithItsOwnPayload(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("value")));
            store.put("key", Entry.of(Payload.of(path(store, "key"))));
            store.put("other", Entry.of(Payload.of(path(store, "key"))));
            setup.sweep();
            assertThat(path(store, "key")).hasContent("value");
            store.remove("key");
            setup.sweep();
            assertThat(path(store, "other")).hasContent("value");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void fileOfTheCallerIsCopiedAndLeftAlone(Layout layout) throws IOException {
        Path file = Files.writeString(directory.resolve("of-the-caller"), "value");
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(Payload.of(file)));
            Files.writeString(file, "changed");
            assertThat(path(store, "key")).hasContent("value");
            store.remove("key");
            setup.sweep();
            assertThat(file).hasContent("changed");
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void payloadThatBreaksOffIsNotKeptAndLeavesNothing(Layout layout) {
        try (DiskStore<Payload> store = open(layout)) {
            store.put("key", Entry.of(payload("old")));
            store.put("key", Entry.of(Payload.of(BrokenStream::new)));
            assertThat(store.get("key")).isNull();
            assertThat(setup.failures.count()).isPositive();
            setup.sweep();
            assertThat(Listing.files(directory.resolve("entries"))).isEmpty();
        }
    }

    /** Gives some bytes, then fails. */
    private static final class BrokenStream extends InputStream {

        private int left = 100_000;

        @Override
        public int read() throws IOException {
            if (left == 0) {
                throw new IOException("The source broke off");
            }
            left--;
            return 'x';
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void hitDoesNotReadThePayload(Layout layout) {
        FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());
        DiskStore.Builder<Payload> builder = DiskStore.files(fileSystem.over(directory));
        try (DiskStore<Payload> store = setup.apply(builder.layout(layout)).build()) {
            store.put("key", Entry.of(payload("value".repeat(100_000))));
            List<Call> reads = new ArrayList<>();
            fileSystem.faults().inject((Fault) reads::add, Call.of(Operation.READ));
            Path payload = fileSystem.below(path(store, "key"));
            assertThat(reads).isNotEmpty().noneMatch(read -> read.path().equals(payload));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void largePayloadIsStreamedInLittleMemory(Layout layout) throws IOException {
        String size = String.valueOf(MEGABYTES << 20);
        try (JavaChild child = new JavaChild(
                List.of("-Xmx32m", "-XX:MaxDirectMemorySize=8m"),
                PayloadChild.class,
                layout.name(),
                directory.toString(),
                size)) {
            assertThat(child.answer()).isEqualTo("the same");
            assertThat(child.answer()).isEqualTo("the same");
        }
    }
}
