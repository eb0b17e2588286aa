package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Payload;
import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskStoreTests {

    private final ManualClock clock = new ManualClock();

    private final ManualScheduler scheduler = new ManualScheduler();

    private final Failures failures = new Failures("test", clock);

    @TempDir
    private Path directory;

    private <V> DiskStore<V> open(DiskStore.Builder<V> builder) {
        return builder.clock(clock).scheduler(scheduler).failures(failures).build();
    }

    private DiskStore<byte[]> bytes(Layout layout) {
        return open(DiskStore.bytes(directory).layout(layout));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<Path> entries() {
        return Listing.files(directory.resolve("entries"));
    }

    @Test
    void entryIsALineOfJsonAndTheBody() throws IOException {
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).codec("json").maxEntries(100))) {
            store.put("product/7", utf8("{\"price\":9}"));
        }
        Path file = directory.resolve("entries").resolve(Key.of("product/7").hash());
        assertThat(entries()).containsExactly(file);
        assertThat(Files.readAllLines(file)).hasSize(2).last().isEqualTo("{\"price\":9}");
        assertThat(Files.readAllLines(file))
                .first()
                .asString()
                .startsWith(
                        "{\"larder\":1,\"key\":\"product/7\",\"codec\":\"json\",\"created\":\"2001-09-09T01:46:40.000Z\"");
    }

    @Test
    void folderIsNamedByItsKey() throws IOException {
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).layout(Layout.FOLDER).maxEntries(100))) {
            store.put("Product/7", utf8("body"));
            Path folder = directory.resolve("entries/+product%2f7");
            assertThat(entries()).hasSize(2).contains(folder.resolve("manifest.json"));
            store.remove("Product/7");
            assertThat(folder).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource
    void entriesAreThereAfterARestart(Layout layout) {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
        }
        try (DiskStore<byte[]> store = bytes(layout)) {
            assertThat(store.get("key")).isEqualTo(utf8("value"));
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.stats().weight()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeValuesAndLongKeysAreReadBack(Layout layout) {
        try (DiskStore<byte[]> store = bytes(layout)) {
            String longKey = "k".repeat(100_000);
            for (int size : new int[] {0, 16_000, 16_384, 40_000, 1_000_000}) {
                byte[] value = new byte[size];
                java.util.Arrays.fill(value, (byte) size);
                store.put("key", value);
                assertThat(store.get("key")).isEqualTo(value);
                store.put(longKey, value);
                assertThat(store.get(longKey)).isEqualTo(value);
                assertThat(store.touch(longKey, Entry.FOREVER, Entry.FOREVER)).isTrue();
                assertThat(store.get(longKey)).isEqualTo(value);
            }
            assertThat(failures.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void flippedByteOfTheBodyIsACountedMissUntilTheNextPut(Layout layout) throws IOException {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
            for (Path file : entries()) {
                byte[] content = Files.readAllBytes(file);
                content[content.length - 1] ^= 1;
                Files.write(file, content);
                assertThat(store.get("key")).isNull();
                content[content.length - 1] ^= 1;
                Files.write(file, content);
                assertThat(store.get("key")).isEqualTo(utf8("value"));
            }
            assertThat(failures.counts()).containsOnlyKeys("read");
        }
    }

    @ParameterizedTest
    @EnumSource
    void entryOfAnotherKeyIsNotReturned(Layout layout) throws IOException {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("a", utf8("a"));
            store.put("b", utf8("b"));
            Path a = manifest(layout, "a");
            Files.copy(a, manifest(layout, "b"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(store.get("b")).isNull();
            store.put("b", utf8("new"));
            assertThat(store.get("b")).isEqualTo(utf8("new"));
        }
    }

    private Path manifest(Layout layout, String key) {
        Places places =
                new Places(directory.resolve("entries"), layout, StoreFile.digits(Long.MAX_VALUE, Long.MAX_VALUE));
        return places.manifest(places.id(Key.of(key)));
    }

    @Test
    void manifestCannotNameABodyElsewhere() throws IOException {
        try (DiskStore<Payload> store = open(DiskStore.files(directory))) {
            store.put("key", PayloadTextStore.payload("value"));
            Path manifest = manifest(Layout.HASHED, "key");
            Files.writeString(directory.resolve("secret"), "value");
            String line =
                    Files.readString(manifest).replaceFirst("\"body\":\"[^\"]*\"", "\"body\":\"../../../secret\"");
            int check = line.lastIndexOf("\",\"check");
            int crc = ManifestFormat.crc(utf8(line), 0, check);
            Files.writeString(manifest, line.substring(0, check) + "\",\"check\":\"%08x\"}\n".formatted(crc));
            assertThat(store.get("key")).isNull();
            assertThat(store.remove("key")).isTrue();
            assertThat(directory.resolve("secret")).exists();
        }
    }

    @ParameterizedTest
    @EnumSource
    void entryOfAnotherCodecIsASilentMiss(Layout layout) {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
        }
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).layout(layout).codec("cbor"))) {
            assertThat(store.get("key")).isNull();
            assertThat(store.contains("key")).isFalse();
            assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isFalse();
            assertThat(store.putIfAbsent("key", Entry.of(utf8("new")))).isNull();
            assertThat(store.get("key")).isEqualTo(utf8("new"));
        }
        assertThat(failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void removalOfAnEntryOfAnotherCodecSaysThatNothingWasThere(Layout layout) {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
        }
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).layout(layout).codec("cbor"))) {
            assertThat(store.remove("key")).isFalse();
            assertThat(entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void encryptedEntriesAreReadAndTouchedWithOldKeys(Layout layout) throws IOException {
        byte[] first = new byte[16];
        byte[] second = new byte[32];
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).layout(layout).encryption(Encryption.of("a", Map.of("a", first))))) {
            store.put("key", new Entry<>(utf8("plain text"), Entry.FOREVER, Entry.FOREVER, "etag"));
        }
        for (Path file : entries()) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .doesNotContain("plain text");
        }
        Encryption rotated = Encryption.of("longer-name", Map.of("a", first, "longer-name", second));
        try (DiskStore<byte[]> store =
                open(DiskStore.bytes(directory).layout(layout).encryption(rotated))) {
            assertThat(store.get("key")).isEqualTo(utf8("plain text"));
            List<String> before = fileKeys();
            assertThat(store.touch("key", clock.millis() + 10, Entry.FOREVER)).isTrue();
            assertThat(fileKeys()).isEqualTo(before);
            assertThat(Objects.requireNonNull(store.entry("key")).freshUntil()).isEqualTo(clock.millis() + 10);
            assertThat(Objects.requireNonNull(store.entry("key")).value()).isEqualTo(utf8("plain text"));
            assertThat(store.size()).isEqualTo(1);
        }
        try (DiskStore<byte[]> store = open(DiskStore.bytes(directory)
                .layout(layout)
                .encryption(Encryption.of("longer-name", Map.of("longer-name", second))))) {
            assertThat(store.get("key")).isNull();
        }
        try (DiskStore<byte[]> store = bytes(layout)) {
            assertThat(store.get("key")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void touchLeavesFilesWhereTheyAre(Layout layout) throws IOException {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
            List<String> before = fileKeys();
            assertThat(store.touch("key", clock.millis() + 10, Entry.FOREVER)).isTrue();
            assertThat(fileKeys()).isEqualTo(before);
        }
    }

    /** What tells the files of the entries apart from any that take their places. */
    private List<String> fileKeys() throws IOException {
        List<String> keys = new ArrayList<>();
        for (Path file : entries()) {
            keys.add(file + " "
                    + Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        }
        return keys;
    }

    @Test
    void payloadThatWasGivenOutStaysForItsReaders() throws IOException {
        try (DiskStore<Payload> store = open(DiskStore.files(directory))) {
            store.put("key", PayloadTextStore.payload("old"));
            Path replaced = Objects.requireNonNull(store.get("key")).path();
            store.put("key", PayloadTextStore.payload("new"));
            Path removed = Objects.requireNonNull(store.get("key")).path();
            store.remove("key");
            scheduler.runAll();
            assertThat(replaced).hasContent("old");
            assertThat(removed).hasContent("new");
            store.put("key", PayloadTextStore.payload("newest"));
            Path cleared = Objects.requireNonNull(store.get("key")).path();
            assertThat(store.clear()).isTrue();
            assertThat(cleared).hasContent("newest");
        }
    }

    @Test
    void payloadOfAFileIsACopy() throws IOException {
        Path source = Files.writeString(directory.resolve("source"), "value");
        try (DiskStore<Payload> store = open(DiskStore.files(directory.resolve("store")))) {
            store.put("key", Payload.of(source));
            Files.writeString(source, "other");
            assertThat(Objects.requireNonNull(store.get("key")).path()).hasContent("value");
        }
    }

    @Test
    void interruptedThreadReadsAndWritesAndStaysInterrupted() {
        try (DiskStore<byte[]> store = bytes(Layout.HASHED)) {
            Thread.currentThread().interrupt();
            store.put("key", utf8("value"));
            assertThat(store.touch("key", Entry.FOREVER, Entry.FOREVER)).isTrue();
            assertThat(store.get("key")).isEqualTo(utf8("value"));
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(failures.count()).isZero();
    }

    @Test
    void onlyTheOwnerMayLook() throws IOException {
        try (DiskStore<byte[]> store = bytes(Layout.FOLDER)) {
            store.put("key", utf8("value"));
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.filter(path -> !path.equals(directory)).toList()) {
                    assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(path)))
                            .as("%s", path)
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherLayoutStartsEmpty(Layout layout) {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
        }
        Layout other = Layout.values()[1 - layout.ordinal()];
        try (DiskStore<byte[]> store = bytes(other)) {
            assertThat(store.get("key")).isNull();
            assertThat(entries()).as("what nobody would ever read").isEmpty();
            store.put("key", utf8("new"));
            assertThat(store.get("key")).isEqualTo(utf8("new"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void storeWithoutItsFileStartsEmpty(Layout layout) throws IOException {
        try (DiskStore<byte[]> store = bytes(layout)) {
            store.put("key", utf8("value"));
        }
        Files.delete(directory.resolve("store.json"));
        try (DiskStore<byte[]> store = bytes(layout)) {
            assertThat(store.get("key")).isNull();
            store.put("key", utf8("new"));
            assertThat(store.get("key")).isEqualTo(utf8("new"));
        }
    }

    @Test
    void damagedStoreFileStartsEmpty() throws IOException {
        try (DiskStore<byte[]> store = bytes(Layout.HASHED)) {
            store.put("key", utf8("value"));
        }
        for (String text : List.of("", "{\"larder\":2,\"layout\":\"hashed\",\"digits\":3}\n", "\u0000\u0000")) {
            Files.writeString(directory.resolve("store.json"), text);
            try (DiskStore<byte[]> store = bytes(Layout.HASHED)) {
                assertThat(store.get("key")).isNull();
                store.put("key", utf8("value"));
                assertThat(store.get("key")).isEqualTo(utf8("value"));
            }
        }
    }

    @Test
    void fileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        for (Path path : List.of(file, file.resolve("below"))) {
            assertThatExceptionOfType(UnusableDirectoryException.class)
                    .isThrownBy(() -> open(DiskStore.bytes(path)))
                    .withMessageContaining("'%s'".formatted(path))
                    .withMessageContaining("is a file")
                    .withMessageContaining("configure another directory");
        }
    }

    @Test
    void directoryPerLeafFollowsTheBound() {
        assertThat(StoreFile.digits(1000, Long.MAX_VALUE)).isZero();
        assertThat(StoreFile.digits(10_000, Long.MAX_VALUE)).isEqualTo(1);
        assertThat(StoreFile.digits(1_000_000, Long.MAX_VALUE)).isEqualTo(3);
        assertThat(StoreFile.digits(Long.MAX_VALUE, 1L << 40)).isEqualTo(4);
        assertThat(StoreFile.digits(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(3);
    }
}
