package dev.larder.store.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.disk.DiskStore;
import dev.larder.store.log.LogStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the commands say about directories, and that they leave them alone. */
class MainTests {

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    private Run run(Object... arguments) {
        Run run = Run.of(clock, arguments);
        assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
        return run;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void fill(Store<String, byte[]> store) {
        long now = clock.millis();
        store.put("1-london", new Entry<>(bytes("fog"), now + 60_000, now + 120_000, "tag"));
        store.put("1:(\"abc\",42L)", bytes("two arguments"));
        store.put("1-日本", bytes("Japan"));
        store.put("plain\nkey", bytes("two lines"));
        store.put("1-large", bytes("x".repeat(40_000)));
        store.put("1-gone", bytes("removed"));
        store.remove("1-gone");
        store.put("1-twice", bytes("old"));
        store.put("1-twice", bytes("new"));
    }

    @ParameterizedTest
    @EnumSource
    void listHasALineForEachEntry(Kind kind) {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            fill(store);
        }
        Run list = run("ls", directory);
        assertThat(list.code()).isZero();
        assertThat(list.err()).isEmpty();
        assertThat(list.keys())
                .containsExactlyInAnyOrder("london", "(\"abc\",42L)", "日本", "plain\\u000akey", "large", "twice");
        String london = list.lines().stream()
                .filter(line -> line.contains("london"))
                .findFirst()
                .orElseThrow();
        assertThat(london)
                .startsWith("fresh  \t         3\t")
                .contains(Text.instant(clock.millis() + 60_000) + "\t" + Text.instant(clock.millis() + 120_000));
        Run json = run("ls", directory, "--json");
        assertThat(json.lines())
                .hasSize(6)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("{\"key\":\"1-london\",\"state\":\"fresh\",\"size\":3,")
                        .contains("\"etag\":\"tag\""));
    }

    @ParameterizedTest
    @EnumSource
    void getPrintsTheBodyForWhatListPrints(Kind kind) {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            fill(store);
        }
        Map<String, String> bodies = Map.of(
                "london", "fog",
                "1-london", "fog",
                "(\"abc\",42L)", "two arguments",
                "日本", "Japan",
                "plain\\u000akey", "two lines",
                "plain\nkey", "two lines",
                "large", "x".repeat(40_000),
                "twice", "new");
        bodies.forEach((key, body) -> assertThat(run("get", directory, key)).isEqualTo(new Run(0, body, "")));
        assertThat(run("get", directory, "gone").code()).isEqualTo(1);
        assertThat(run("get", directory, "gone").out()).isEmpty();
        assertThat(run("get", directory, "gone").err()).contains("no entry 'gone'");
    }

    @ParameterizedTest
    @EnumSource
    void lifeOfEntriesIsTold(Kind kind) {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            fill(store);
        }
        clock.advance(Duration.ofSeconds(60));
        assertThat(run("ls", directory).out()).contains("stale  \t");
        assertThat(run("get", directory, "london").code()).isEqualTo(1);
        assertThat(run("get", directory, "london").err()).contains("stale");
        assertThat(run("get", directory, "london", "--raw").out()).isEqualTo("fog");
        clock.advance(Duration.ofSeconds(60));
        assertThat(run("ls", directory).out()).contains("expired\t").doesNotContain("stale");
        assertThat(run("stat", directory).out()).contains("6: 5 fresh, 0 stale, 1 expired");
    }

    @ParameterizedTest
    @EnumSource
    void commandsChangeNothing(Kind kind) throws IOException {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            fill(store);
            leavesAllAsItIs();
            store.put("1-after", bytes("still open"));
            assertThat(store.pop("1-after")).isEqualTo(bytes("still open"));
        }
        leavesAllAsItIs();
    }

    private void leavesAllAsItIs() throws IOException {
        Map<String, String> before = tree();
        assertThat(run("stat", directory).code()).isZero();
        assertThat(run("ls", directory).code()).isZero();
        assertThat(run("verify", directory))
                .isEqualTo(new Run(0, "6 entries are as they were written; 0 damaged\n", ""));
        assertThat(run("get", directory, "london").out()).isEqualTo("fog");
        assertThat(run("get", directory, "absent").code()).isEqualTo(1);
        assertThat(tree()).isEqualTo(before);
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file) && !file.endsWith("lock")
                        ? Base64.getEncoder().encodeToString(Files.readAllBytes(file))
                        : "";
                tree.put(
                        directory.relativize(file).toString(),
                        Files.readAttributes(
                                        file, "unix:mode,size,ino,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS)
                                + content);
            }
        }
        return tree;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsListedIsWhatTheStoreHas(Kind kind) {
        Random random = new Random(7);
        TreeSet<String> kept = new TreeSet<>();
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            for (int i = 0; i < 3000; i++) {
                String key = "1-" + random.nextInt(300);
                if (random.nextInt(3) == 0) {
                    store.remove(key);
                } else if (random.nextInt(1000) == 0) {
                    store.clear();
                } else {
                    store.put(key, new byte[random.nextInt(400)]);
                }
            }
            for (int i = 0; i < 300; i++) {
                if (store.contains("1-" + i)) {
                    kept.add(Integer.toString(i));
                }
            }
            assertThat(run("ls", directory).keys()).containsExactlyElementsOf(kept);
        }
        assertThat(kept).hasSizeGreaterThan(10);
        assertThat(run("ls", directory).keys()).containsExactlyElementsOf(kept);
        for (int i = 0; i < 300; i++) {
            assertThat(run("get", directory, i).code()).isEqualTo(kept.contains(Integer.toString(i)) ? 0 : 1);
        }
    }

    @Test
    void allCachesOfADirectoryAreShown() {
        for (Kind kind : Kind.values()) {
            try (Store<String, byte[]> store =
                    kind.open(directory.resolve("@space").resolve(kind.name()), clock)) {
                store.put("1-" + kind, bytes("value of " + kind));
                store.put("1-all", bytes("value"));
            }
        }
        assertThat(run("stat", directory).lines())
                .contains("cache                @space/HASHED/", "cache                @space/LOGS/")
                .filteredOn(line -> line.startsWith("type"))
                .hasSize(4);
        assertThat(run("ls", directory).out()).contains("\t@space/LOG/shard-0-of-1/segments/");
        assertThat(run("get", directory, "LOGS").out()).isEqualTo("value of LOGS");
        Run all = run("get", directory, "all");
        assertThat(all.code()).isEqualTo(2);
        assertThat(all.err()).contains("more than one").contains("@space/FOLDER/ 1-all");
        assertThat(run("verify", directory).out()).startsWith("8 entries");
    }

    @Test
    void encryptedBodiesArePrintedOnDemandOnly() {
        Encryption encryption = Encryption.of("k1", Map.of("k1", new byte[32]));
        try (DiskStore<byte[]> disk = DiskStore.bytes(directory.resolve("disk"))
                        .encryption(encryption)
                        .clock(clock)
                        .scheduler(new ManualScheduler())
                        .build();
                LogStore log = LogStore.at(directory.resolve("log"))
                        .encryption(encryption)
                        .clock(clock)
                        .scheduler(new ManualScheduler())
                        .open()) {
            disk.put("1-disk", bytes("secret"));
            log.put("1-log", bytes("secret"));
        }
        for (String key : new String[] {"disk", "log"}) {
            Run get = run("get", directory, key);
            assertThat(get.code()).isEqualTo(2);
            assertThat(get.err()).contains("encrypted");
            assertThat(get.out()).isEmpty();
            assertThat(run("get", directory, key, "--raw").out()).contains("k1").doesNotContain("secret");
        }
        assertThat(run("ls", directory, "--json").out())
                .contains("\"encrypted\":true")
                .doesNotContain("\"encrypted\":false");
        assertThat(run("verify", directory).code()).isZero();
    }

    @Test
    void whatIsNoCacheIsSaidToBeNone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        for (String command : new String[] {"stat", "ls", "verify"}) {
            assertThat(run(command, directory.resolve("absent")).err()).contains("does not exist");
            assertThat(run(command, file).err()).contains("is not a directory");
            assertThat(run(command, empty).err()).contains("no cache");
            assertThat(run(command, empty).code()).isEqualTo(2);
        }
        assertThat(run("bake", empty).code()).isEqualTo(2);
        assertThat(run("ls").err()).contains("verify DIRECTORY");
        assertThat(run("get", empty).code()).isEqualTo(2);
        assertThat(run("--help").out()).contains("verify DIRECTORY");
    }

    @ParameterizedTest
    @EnumSource
    void outputThatCannotBeWrittenIsNotSuccess(Kind kind) {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            fill(store);
        }
        for (String[] command : new String[][] {{"get", "large"}, {"ls"}, {"stat"}, {"verify"}}) {
            String[] arguments = command.length == 1
                    ? new String[] {command[0], directory.toString()}
                    : new String[] {command[0], directory.toString(), command[1]};
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            PrintStream full = new PrintStream(new FullDisk(), false, StandardCharsets.UTF_8);
            int code = Main.run(arguments, full, new PrintStream(err, true, StandardCharsets.UTF_8), clock);
            assertThat(code).as(command[0]).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written");
        }
    }

    private static final class FullDisk extends OutputStream {

        @Override
        public void write(int part) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @Test
    void entryIsFoundBesideAShardThatIsDamaged() throws IOException {
        try (Store<String, byte[]> store = Kind.LOGS.open(directory, clock)) {
            for (int i = 0; i < 16; i++) {
                store.put("1-" + i, bytes("value" + i));
            }
        }
        Files.write(directory.resolve("shard-0-of-4").resolve("state"), new byte[512]);
        int found = 0;
        for (int i = 0; i < 16; i++) {
            Run get = run("get", directory, i);
            assertThat(get).isIn(new Run(0, "value" + i, ""), new Run(1, "", "There is no entry '%d'%n".formatted(i)));
            found += get.code() == 0 ? 1 : 0;
        }
        assertThat(found).isBetween(8, 15);
    }
}
