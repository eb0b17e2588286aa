package dev.larder.store.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Manifests that somebody wrote who knows the format, checksum included: they mislead nobody. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskForgeryTests {

    private static final String CHECK = "\",\"check\":\"";

    @TempDir
    private Path parent;

    private final Setup setup = new Setup();

    private Path directory() {
        return parent.resolve("cache");
    }

    private Path manifest() throws IOException {
        for (Path file : Listing.files(directory().resolve("entries"))) {
            if (Files.readString(file, ISO_8859_1).startsWith("{")) {
                return file;
            }
        }
        throw new AssertionError("There is no manifest");
    }

    /** Changes the line of the only entry, and makes its checksum right again. */
    private void forge(UnaryOperator<String> change) throws IOException {
        Path manifest = manifest();
        String content = Files.readString(manifest, ISO_8859_1);
        int end = content.indexOf('\n');
        String line = content.substring(0, end);
        String open = line.substring(0, line.lastIndexOf(CHECK));
        String forged = change.apply(open);
        assertThat(forged).isNotEqualTo(open);
        CRC32C check = new CRC32C();
        check.update(forged.getBytes(ISO_8859_1));
        String closed = forged + CHECK + "%08x".formatted(check.getValue()) + "\"}";
        Files.writeString(manifest, closed + content.substring(end), ISO_8859_1);
    }

    private static UnaryOperator<String> replace(String pattern, String replacement) {
        return line -> line.replaceFirst(pattern, replacement);
    }

    /** The entry cannot be read, hurts nobody, and can be written anew. */
    private void checkRefused(Store<String, String> store) {
        assertThat(store.get("key")).isNull();
        assertThat(store.entry("key")).isNull();
        setup.scheduler.runAll();
        store.put("key", Entry.of("new"));
        assertThat(store.get("key")).isEqualTo("new");
        assertThat(store.remove("key")).isTrue();
        assertThat(store.get("key")).isNull();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void lineWithARightChecksumIsAManifest(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", new Entry<>("value", Entry.FOREVER, Entry.FOREVER, "etag"));
            forge(replace("etag\":\"etag", "etag\":\"gate"));
            Entry<String> entry = store.entry("key");
            if (shape.isEncrypted()) {
                assertThat(entry).isNull();
            } else {
                assertThat(entry).isEqualTo(new Entry<>("value", Entry.FOREVER, Entry.FOREVER, "gate"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void manifestOfAFutureVersionIsAMissAndCanBeReplaced(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", Entry.of("value"));
            forge(replace("\"larder\":1", "\"larder\":2"));
            checkRefused(store);
            store.put("key", Entry.of("value"));
            forge(replace("\"key\":", "\"news\":true,\"key\":"));
            checkRefused(store);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void entryOfAnotherCodecIsAMissAndCanBeReplaced(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", Entry.of("value"));
            forge(replace("\"codec\":\"[^\"]*", "\"codec\":\"another"));
            checkRefused(store);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void sizesThatAreNotThoseOfTheBodyAreRefused(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            for (String size : List.of("0", "4", "6", "2147483647", "99999999999", "999999999999999999", "-5", "")) {
                store.put("key", Entry.of("value"));
                forge(replace("\"size\":[0-9]+", "\"size\":" + size));
                checkRefused(store);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"HASHED_BYTES", "HASHED_ENCRYPTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void bodyOutsideOfTheEntryIsNeitherReadNorDeleted(Shape shape) throws IOException {
        Path precious = Files.writeString(parent.resolve("precious"), "value");
        try (Store<String, String> store = shape.open(directory(), setup)) {
            Path way = directory().resolve("entries").relativize(manifest(store).getParent());
            String up = "../".repeat(way.getNameCount() + 2);
            for (String body :
                    List.of(up + "precious", precious.toString(), "..", ".", "", "/", up + "cache/store.json")) {
                store.put("key", Entry.of("value"));
                forge(replace("\"body\":\"[^\"]*", "\"body\":\"" + body));
                checkRefused(store);
                setup.sweep();
                assertThat(precious).hasContent("value");
                assertThat(directory().resolve("store.json")).exists();
            }
        }
    }

    private Path manifest(Store<String, String> store) throws IOException {
        store.put("key", Entry.of("value"));
        return manifest();
    }

    @Test
    void bodyOfAnotherEntryIsRefused() throws IOException {
        try (Store<String, String> store = Shape.HASHED_FILES.open(directory(), setup)) {
            store.put("other", Entry.of("value"));
            String body = Listing.files(directory().resolve("entries")).stream()
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("-"))
                    .findFirst()
                    .orElseThrow();
            store.remove("other");
            store.put("key", Entry.of("value"));
            forge(replace("\"body\":\"[^\"]*", "\"body\":\"" + body));
            checkRefused(store);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HASHED_BYTES", "HASHED_ENCRYPTED"})
    void manifestWithABodyElsewhereIsRefusedWhereItShouldFollow(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", Entry.of("value"));
            forge(replace("(\"crc32c\":\"[^\"]*)", "$1\",\"body\":\"body-0123456789abcdef"));
            checkRefused(store);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void lifeThatEndsBeforeItsFreshnessIsRefused(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", new Entry<>("value", Entry.FOREVER, Entry.FOREVER, null));
            forge(replace("\"keptUntil\":\"[^\"]*", "\"keptUntil\":\"2999-01-01T00:00:00.000Z"));
            checkRefused(store);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void lifeProlongedByHandHoldsOnlyWhereItIsNotSealed(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", Entry.of("value", setup.clock.millis() + 1000));
            forge(replace(
                    "\"freshUntil\":\"[^\"]*\",\"keptUntil\":\"[^\"]*",
                    "\"freshUntil\":\"never                   \",\"keptUntil\":\"never                   "));
            setup.clock.advanceMillis(1000);
            assertThat(store.get("key")).isEqualTo(shape.isEncrypted() ? null : "value");
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void symbolicLinksAreNotFollowed(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory(), setup)) {
            store.put("key", Entry.of("value"));
            int files = Listing.files(directory().resolve("entries")).size();
            for (int i = 0; i < files; i++) {
                store.remove("key");
                setup.sweep();
                store.put("key", Entry.of("value"));
                Path file = Listing.files(directory().resolve("entries")).get(i);
                byte[] content = Files.readAllBytes(file);
                Path outside = Files.write(parent.resolve("outside"), content);
                Files.delete(file);
                Files.createSymbolicLink(file, outside);
                assertThat(store.get("key")).as("link in the place of %s", file).isNull();
                store.touch("key", Entry.FOREVER, Entry.FOREVER);
                store.remove("key");
                store.put("key", Entry.of("new"));
                setup.sweep();
                assertThat(store.get("key")).isEqualTo("new");
                assertThat(Files.readAllBytes(outside)).isEqualTo(content);
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void encryptedBodyIsOfNoUseInAnotherEntryWhateverItsChecksum() throws IOException {
        Encryption encryption = Encryption.of("test", Map.of("test", new byte[16]));
        ManifestFormat format = new ManifestFormat("bytes", encryption);
        byte[] head = format.begin(Key.of("key"), null, 0).copy();
        byte[] body = encryption.encrypt("value".getBytes(ISO_8859_1), head);
        assertThat(BytesContent.open(encryption, body, manifest(format, "key", body), parent))
                .asString(ISO_8859_1)
                .isEqualTo("value");
        assertThatExceptionOfType(DamagedEntryException.class)
                .isThrownBy(() -> BytesContent.open(encryption, body, manifest(format, "other", body), parent));
    }

    private static Manifest manifest(ManifestFormat format, String text, byte[] body) {
        Key key = Key.of(text);
        int crc = ManifestFormat.crc(body, 0, body.length);
        Line line = format.end(format.begin(key, null, 0), Entry.of(text), body.length, crc, null);
        return Objects.requireNonNull(format.read(line.copy(), line.length(), key));
    }

    @Test
    void encryptedStoreTellsNothingOfItsValues() throws IOException {
        for (Shape shape : List.of(Shape.HASHED_ENCRYPTED, Shape.FOLDER_ENCRYPTED)) {
            Path place = parent.resolve(shape.name());
            try (Store<String, String> store = shape.open(place, setup)) {
                store.put("key", Entry.of("a secret that must not be told"));
                store.touch("key", 1L << 60, 1L << 60);
                store.putIfAbsent("other", Entry.of("a secret that must not be told"));
                for (byte[] content : Listing.contents(place).values()) {
                    assertThat(new String(content, ISO_8859_1)).doesNotContain("secret");
                }
            }
        }
    }
}
