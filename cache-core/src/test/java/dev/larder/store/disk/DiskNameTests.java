package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No key leads out of the directory or to the entry of another, and what others put there is left alone. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskNameTests {

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            ".",
            "..",
            "../x",
            "../../../../../../../../tmp/larder-escaped",
            "/etc/passwd",
            "/",
            "//",
            "a/b",
            "a/../b",
            "a//b",
            "a\\b",
            "..\\..\\x",
            "C:\\x",
            "C:",
            "\\\\host\\share",
            "~",
            "~root",
            "$HOME",
            "%2e%2e%2f",
            "%",
            "%00",
            "\0",
            "a\0",
            "\0a",
            "a\nb",
            "a\rb",
            "\t",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u202e",
            "\ud800",
            "\udc00",
            "?",
            "\ufffd",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00\ud83d",
            "\u00e9",
            "e\u0301",
            "\u212b",
            "\u00c5",
            "A\u030a",
            "Upper",
            "upper",
            "UPPER",
            "i",
            "I",
            "\u0130",
            "\u0131",
            "\u00df",
            "ss",
            "SS",
            "CON",
            "con",
            "CON.txt",
            "nul",
            "COM1",
            "LPT9.log",
            "COM\u00b9",
            "AUX.",
            "x.",
            "x..",
            "x",
            "x ",
            " x",
            "x. ",
            "-rf",
            "*",
            "a:b",
            "<>|\"",
            "manifest.json",
            "store.json",
            "entries",
            "body",
            ".tmp-x",
            ".nfs0001",
            "{\"key\":\"x\"}",
            "\"",
            "\\",
            "\\u0000",
            "x".repeat(254),
            "x".repeat(255),
            "x".repeat(256),
            "x".repeat(10_000),
            "x".repeat(9_999) + "y",
            "\u20ac".repeat(100),
            "\ud83d\ude00".repeat(300),
            "../".repeat(3_000));

    /** What random keys are made of: all that file systems, shells and formats have a meaning for. */
    private static final String ALPHABET =
            "aAbBxX01./\\:*?\"<>|%~$ \0\n\r\t{}[],=\u00e9\u0301\u0130\ud83d\ude00\ud800\udc00\uffff";

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void placeBesideOthers() throws IOException {
        directory = parent.resolve("cache");
        Files.createDirectory(parent.resolve("neighbour"));
        Files.writeString(parent.resolve("neighbour/precious"), "of somebody else");
    }

    /** Everything that is not in the directory of the store, as far as the test can see. */
    private List<Path> outside() {
        return Listing.all(parent).stream()
                .filter(path -> !path.startsWith(directory))
                .toList();
    }

    private static Set<String> keys() {
        Set<String> keys = new HashSet<>(HOSTILE);
        Random random = new Random(20);
        for (int i = 0; i < 700; i++) {
            StringBuilder key = new StringBuilder();
            int length = 1 + random.nextInt(i % 50 == 0 ? 400 : 6);
            for (int j = 0; j < length; j++) {
                key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            keys.add(key.toString());
        }
        return keys;
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyKeyIsAnEntryOfItsOwnInsideTheDirectory(Shape shape) throws IOException {
        List<Path> before = outside();
        Set<String> keys = keys();
        Setup setup = new Setup().maxEntries(0);
        try (Store<String, String> store = shape.open(directory, setup)) {
            keys.forEach(key -> store.put(key, Entry.of("value of " + key.hashCode() + key.length())));
            for (String key : keys) {
                assertThat(store.get(key)).isEqualTo("value of " + key.hashCode() + key.length());
            }
            assertThat(setup.failures.counts()).isEmpty();
            assertThat(outside()).isEqualTo(before);
            checkNames(keys.size(), shape);
            for (String key : keys) {
                assertThat(store.touch(key, Entry.FOREVER, Entry.FOREVER)).isTrue();
                assertThat(store.remove(key)).isTrue();
                assertThat(store.get(key)).isNull();
            }
            assertThat(setup.failures.counts()).isEmpty();
            assertThat(outside()).isEqualTo(before);
        }
    }

    /** What must hold so that the directory can be copied to any other file system. */
    private void checkNames(int entries, Shape shape) {
        List<Path> files = Listing.all(directory.resolve("entries"));
        Set<String> folded = new HashSet<>();
        for (Path file : files) {
            String path = directory.relativize(file).toString();
            folded.add(Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
            String name = file.getFileName().toString();
            assertThat(name.getBytes(StandardCharsets.UTF_8).length).as(name).isLessThanOrEqualTo(255);
            assertThat(name.length()).as(name).isLessThanOrEqualTo(255);
            assertThat(name).doesNotEndWith(".").doesNotEndWith(" ");
            assertThat(name).doesNotContainPattern("[\\x00-\\x1f<>:\"/\\\\|?*\\x7f]");
            assertThat(name).doesNotMatch("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
        }
        assertThat(folded).as("names where case does not count").hasSameSizeAs(files);
        assertThat(files.stream().filter(Files::isRegularFile).count()).isGreaterThanOrEqualTo(entries);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void onlyTheOwnerMayReadAnything(Shape shape) throws IOException {
        try (Store<String, String> store = shape.open(directory, new Setup())) {
            for (int i = 0; i < 20; i++) {
                store.put("key" + i, Entry.of("old"));
                store.put("key" + i, Entry.of("value"));
                store.touch("key" + i, Entry.FOREVER, Entry.FOREVER);
                store.putIfAbsent("other" + i, Entry.of("value"));
            }
            try (var lease = store.tryBeginLoad("loading")) {
                assertThat(lease).isNotNull();
                for (Path path : Listing.all(directory)) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void filesOfOthersAreNeverDeletedOrTakenForEntries(Shape shape) throws IOException {
        Setup setup = new Setup().maxEntries(1);
        try (Store<String, String> store = shape.open(directory, setup)) {
            store.put("key", Entry.of("value"));
        }
        Set<String> names = new HashSet<>();
        for (Path inside : Listing.all(directory)) {
            if (Files.isDirectory(inside)) {
                for (String name : List.of(
                        "README",
                        "foreign.tmp",
                        ".hidden",
                        "data.json",
                        "x".repeat(200),
                        "0",
                        "ff.bak",
                        ".tmp-mine",
                        ".tmp-a-b-c-d",
                        "0".repeat(64) + "-" + "0".repeat(16),
                        "body-" + "0".repeat(16),
                        "Ünïcode",
                        "body.d",
                        "core.123")) {
                    String unique = name + "-" + names.size();
                    names.add(unique);
                    Files.writeString(inside.resolve(unique), "precious");
                    Files.createDirectories(inside.resolve(unique + ".d"));
                    names.add(unique + ".in");
                    Files.writeString(inside.resolve(unique + ".d").resolve(unique + ".in"), "precious");
                }
            }
        }
        try (Store<String, String> store = shape.open(directory, setup)) {
            assertThat(store.get("key")).isEqualTo("value");
            store.put("key", Entry.of("new"));
            for (int i = 0; i < 50; i++) {
                store.put("key" + i, Entry.of("new", setup.clock.millis() + 1000));
            }
            store.remove("key");
            setup.sweep();
            store.clear();
            setup.sweep();
            store.put("key", Entry.of("again"));
            assertThat(store.get("key"))
                    .as("faults: %s", setup.failures.counts())
                    .isEqualTo("again");
            assertThat(store.size()).isEqualTo(1);
        }
        Set<String> left = Listing.files(directory).stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toSet());
        names.removeAll(left);
        assertThat(names).as("files that are gone").isEmpty();
    }
}
