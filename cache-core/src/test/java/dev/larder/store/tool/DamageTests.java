package dev.larder.store.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Payload;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.disk.DiskStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say of files that are not as they were written, or change while they are read. */
class DamageTests {

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    private Run run(Object... arguments) {
        Run run = Run.of(clock, arguments);
        assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
        return run;
    }

    private void fill(Kind kind) {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            for (int i = 0; i < 20; i++) {
                store.put("1-" + i, "value-of-%d-".formatted(i).repeat(10).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** The only file with this text, and where in it. */
    private long flip(String text) throws IOException {
        for (Path file : files("")) {
            int at = Files.readString(file, StandardCharsets.ISO_8859_1).indexOf(text);
            if (at >= 0) {
                flip(file, at);
                return at;
            }
        }
        throw new AssertionError(text + " is in no file");
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(".seg", ""));
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedBodyIsFoundByVerify(Kind kind) throws IOException {
        fill(kind);
        flip("value-of-13-");
        Run verify = run("verify", directory);
        assertThat(verify.code()).isEqualTo(1);
        assertThat(verify.lines()).hasSize(2);
        assertThat(verify.lines().get(0)).startsWith("damaged\t");
        assertThat(verify.lines().get(1)).isEqualTo("19 entries are as they were written; 1 damaged");
        Run get = run("get", directory, "13");
        assertThat(get.code()).isEqualTo(2);
        assertThat(get.out()).isEmpty();
        assertThat(run("get", directory, "12").code()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void fileThatEndsEarlyIsFoundByVerify(Kind kind) throws IOException {
        fill(kind);
        Path file = files(kind == Kind.HASHED ? "" : kind == Kind.FOLDER ? "manifest.json" : ".seg").stream()
                .filter(path -> !path.endsWith("store.json") && !path.toString().contains("ledger"))
                .findFirst()
                .orElseThrow();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 1);
        }
        Run verify = run("verify", directory);
        assertThat(verify.code()).isEqualTo(1);
        assertThat(verify.out()).contains("damaged\t" + directory.relativize(file));
    }

    @ParameterizedTest
    @EnumSource
    void noByteOfAnEntryIsUnchecked(Kind kind) throws IOException {
        try (Store<String, byte[]> store = kind.open(directory, clock)) {
            store.put("1-key", "value".getBytes(StandardCharsets.UTF_8));
        }
        String suffix = kind == Kind.LOG || kind == Kind.LOGS ? ".seg" : "";
        for (Path file : files(suffix)) {
            if (file.toString().contains("ledger")) {
                continue;
            }
            for (long at = 0; at < Math.min(Files.size(file), 1000); at++) {
                if (file.toString().endsWith(".seg") && at >= 60 && at < 64) {
                    continue; // nothing stands there
                }
                flip(file, at);
                Run verify = Run.of(clock, "verify", directory);
                assertThat(verify.code()).as("%s at %d", file, at).isNotZero();
                assertThat(verify.err()).doesNotContain("Exception");
                flip(file, at);
            }
        }
        assertThat(run("verify", directory).code()).isZero();
    }

    @Test
    void bodyThatIsAFileIsChecked() throws IOException {
        try (DiskStore<Payload> store = DiskStore.files(directory)
                .clock(clock)
                .scheduler(new ManualScheduler())
                .build()) {
            store.put(
                    "1-picture", Payload.of(() -> new ByteArrayInputStream("pixels".getBytes(StandardCharsets.UTF_8))));
        }
        assertThat(run("get", directory, "picture").out()).isEqualTo("pixels");
        assertThat(run("verify", directory).code()).isZero();
        flip("pixels");
        assertThat(run("verify", directory).out()).contains("wrong checksum");
        assertThat(run("get", directory, "picture").out()).isEmpty();
    }

    @Test
    void entryInThePlaceOfAnotherKeyIsDamage() throws IOException {
        try (Store<String, byte[]> store = Kind.HASHED.open(directory, clock)) {
            store.put("1-key", new byte[10]);
        }
        Path entry = files("").stream()
                .filter(file -> String.valueOf(file.getFileName()).length() == 64)
                .findFirst()
                .orElseThrow();
        String name = String.valueOf(entry.getFileName());
        Files.copy(entry, entry.resolveSibling(name.substring(0, 63) + (name.endsWith("0") ? "1" : "0")));
        assertThat(run("verify", directory).out())
                .contains("the place of another key")
                .contains("1 entries");
        assertThat(run("ls", directory).keys()).containsExactly("key");
    }

    @Test
    void missingSegmentAndLargeValueAreFound() throws IOException {
        try (Store<String, byte[]> store = Kind.LOG.open(directory, clock)) {
            store.put("1-large", new byte[40_000]);
            for (int i = 0; i < 20; i++) {
                store.put("1-" + i, new byte[10_000]);
            }
        }
        assertThat(run("verify", directory).code()).isZero();
        Files.delete(files(".val").get(0));
        assertThat(run("verify", directory).out())
                .contains("damaged\tshard-0-of-1/large/")
                .contains("20 entries");
        // The oldest may be missing: it is deleted before the state says so.
        Path segment = files(".seg").stream()
                .max(Comparator.comparingLong(DamageTests::number))
                .orElseThrow();
        Files.delete(segment);
        assertThat(run("verify", directory).out())
                .contains("damaged\tshard-0-of-1/segments/%s\tA missing segment".formatted(segment.getFileName()));
    }

    @Test
    void laterVersionsAreSaidToBeThose() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Files.writeString(disk.resolve("store.json"), "{\"larder\":2,\"layout\":\"woven\"}\n");
        for (String command : List.of("stat", "ls", "verify")) {
            Run run = run(command, disk);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("store.json").contains("version");
        }
        Path shard = Files.createDirectories(directory.resolve("log").resolve("shard-0-of-1"));
        Files.writeString(shard.resolve("state"), "LARDERL2" + "x".repeat(80));
        assertThat(run("verify", directory.resolve("log")).code()).isEqualTo(1);
        assertThat(run("verify", directory.resolve("log")).out()).contains("version that this one does not know");
        assertThat(run("stat", directory.resolve("log")).out()).contains("damaged              1 places");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls", "verify", "stat"})
    void damagedStateIsTold(String command) throws IOException {
        fill(Kind.LOG);
        flip(directory.resolve("shard-0-of-1").resolve("state"), 20);
        Run run = run(command, directory);
        assertThat(run.out() + run.err()).containsIgnoringCase("damaged");
    }

    @ParameterizedTest
    @EnumSource
    void writersAreNotTakenForDamage(Kind kind) throws InterruptedException {
        try (Store<String, byte[]> store = kind.open(directory, clock, 4 << 20)) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger writes = new AtomicInteger();
            Thread writer = new Thread(() -> {
                for (int i = 0; !stop.get(); i++) {
                    store.put("1-" + i % 500, new byte[i % 97 == 0 ? 20_000 : i % 4000]);
                    store.touch("1-" + i % 333, clock.millis() + i + 1, clock.millis() + i + 1);
                    store.remove("1-" + i % 91);
                    if (i % 2000 == 0) {
                        store.clear();
                    }
                    writes.incrementAndGet();
                }
            });
            writer.start();
            try {
                int rounds = 0;
                while (rounds < 10 || writes.get() < 1000) {
                    rounds++;
                    Run verify = run("verify", directory);
                    assertThat(verify.code()).as(verify.out() + verify.err()).isZero();
                    assertThat(run("ls", directory).err()).isEmpty();
                    assertThat(run("stat", directory).code()).isZero();
                    assertThat(run("get", directory, "7", "--raw"))
                            .extracting(Run::err)
                            .isIn("", "There is no entry '7'\n");
                }
            } finally {
                stop.set(true);
                writer.join();
            }
        }
    }
}
