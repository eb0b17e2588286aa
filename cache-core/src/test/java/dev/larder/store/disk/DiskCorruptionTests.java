package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happened to its files, a disk store gives the right value with the right life, or misses. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskCorruptionTests {

    private static final String OWNED = "store.json";

    @TempDir
    private Path directory;

    private final Setup setup = new Setup();

    /** What was put. No value is a part of another, and both are of the same length, so that swapped files fit. */
    private final Map<String, Entry<String>> entries = new TreeMap<>();

    private void fill(Shape shape) {
        long now = setup.clock.millis();
        entries.put("first", new Entry<>("value one", now + 100_000, now + 200_000, "\"v1\""));
        entries.put("second", new Entry<>("VALUE TWO", now + 300_000, Entry.FOREVER, null));
        try (Store<String, String> store = open(shape)) {
            entries.forEach(store::put);
            check(store, "nothing happened");
            assertThat(store.get("first")).isEqualTo("value one");
        }
    }

    private Store<String, String> open(Shape shape) {
        return shape.open(directory, setup);
    }

    private void check(Store<String, String> store, String what) {
        entries.forEach((key, entry) -> {
            try {
                assertThat(store.get(key)).as(what).isIn(entry.value(), null);
                assertThat(store.entry(key)).as(what).isIn(entry, null);
                store.contains(key);
            } catch (RuntimeException ex) {
                throw new AssertionError(what, ex);
            }
        });
    }

    /** Looks into a store of which something was changed, and lets it do all else that it can. */
    private void checkAll(Store<String, String> store, String what) {
        try {
            check(store, what);
            assertThat(store.putIfAbsent("first", Entry.of("new"))).as(what).isIn("value one", null);
            assertThat(store.get("first")).as(what).isIn("value one", "new");
            store.touch("second", Entry.FOREVER, Entry.FOREVER);
            assertThat(store.get("second")).as(what).isIn("VALUE TWO", null);
            assertThat(store.pop("second")).as(what).isIn("VALUE TWO", null);
            assertThat(store.get("second")).as(what).isNull();
            store.put("first", Entry.of("newer"));
            assertThat(store.get("first")).as(what).isEqualTo("newer");
            store.remove("first");
            assertThat(store.get("first")).as(what).isNull();
        } catch (RuntimeException ex) {
            throw new AssertionError(what, ex);
        }
    }

    /** The same for a store that is opened now, and sweeps. */
    private void openAndCheckAll(Shape shape, String what) {
        try (Store<String, String> store = open(shape)) {
            check(store, what);
            setup.scheduler.runAll();
            checkAll(store, what + ", swept");
        } catch (RuntimeException ex) {
            throw new AssertionError(what, ex);
        }
    }

    /** What is done to the content of a file. */
    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] content);
    }

    /** Changes one file at a time: those of entries under an open store, the others before one is opened. */
    private void changeEach(Shape shape, String what, Map<Path, byte[]> good, Change change) throws IOException {
        try (Store<String, String> store = open(shape)) {
            for (Path file : good.keySet()) {
                if (isUnreadBody(shape, good.get(file))) {
                    continue;
                }
                byte[] changed = change.of(good.get(file).clone());
                if (Arrays.equals(changed, good.get(file))) {
                    continue;
                }
                Listing.restore(directory, good);
                Files.write(file, changed);
                String description = "%s of %s".formatted(what, directory.relativize(file));
                if (file.startsWith(directory.resolve("entries"))) {
                    checkAll(store, description);
                } else {
                    openAndCheckAll(shape, description);
                }
            }
        }
    }

    /** A body that is given out as a file is read by who gets it, and not by the store. */
    private static boolean isUnreadBody(Shape shape, byte[] content) {
        return shape.isFiles() && content[0] != '{' && content[0] != 'L';
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyFlippedByteGivesTheRightEntryOrAMiss(Shape shape) throws IOException {
        fill(shape);
        Map<Path, byte[]> good = Listing.contents(directory);
        int longest =
                good.values().stream().mapToInt(content -> content.length).max().orElseThrow();
        for (int mask : new int[] {0x01, 0x20, 0xff}) {
            for (int i = 0; i < longest; i++) {
                int at = i;
                changeEach(shape, "byte %d flipped by %x".formatted(at, mask), good, content -> {
                    if (at < content.length) {
                        content[at] ^= (byte) mask;
                    }
                    return content;
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyPrefixGivesTheRightEntryOrAMiss(Shape shape) throws IOException {
        fill(shape);
        Map<Path, byte[]> good = Listing.contents(directory);
        int longest =
                good.values().stream().mapToInt(content -> content.length).max().orElseThrow();
        for (int i = 0; i < longest; i++) {
            int size = i;
            changeEach(
                    shape,
                    "first %d bytes".formatted(size),
                    good,
                    content -> Arrays.copyOf(content, Math.min(size, content.length)));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void zeroedLengthenedOrSenselessFilesGiveTheRightEntryOrAMiss(Shape shape) throws IOException {
        fill(shape);
        Map<Path, byte[]> good = Listing.contents(directory);
        changeEach(shape, "zeroes", good, content -> new byte[content.length]);
        changeEach(shape, "one more byte", good, content -> Arrays.copyOf(content, content.length + 1));
        changeEach(shape, "itself twice", good, content -> {
            byte[] twice = Arrays.copyOf(content, 2 * content.length);
            System.arraycopy(content, 0, twice, content.length, content.length);
            return twice;
        });
        for (String senseless :
                List.of("{}\n", "[]", "null\n", "{\"", "\n\n\n", "\ufeff{}", "{\"larder\":99}\n", "9".repeat(5000))) {
            changeEach(shape, senseless, good, content -> senseless.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void filesSwappedBetweenKeysNeverGiveTheValueOfAnother(Shape shape) throws IOException {
        fill(shape);
        Map<Path, byte[]> good = Listing.contents(directory);
        for (Path one : good.keySet()) {
            for (Path other : good.keySet()) {
                if (!isUnreadBody(shape, good.get(one)) || !isUnreadBody(shape, good.get(other))) {
                    Listing.restore(directory, good);
                    Files.write(one, good.get(other));
                    Files.write(other, good.get(one));
                    openAndCheckAll(
                            shape,
                            "%s swapped with %s".formatted(directory.relativize(one), directory.relativize(other)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void whereAFileIsMissingThereIsTheRightEntryOrAMiss(Shape shape) throws IOException {
        fill(shape);
        Map<Path, byte[]> good = Listing.contents(directory);
        for (Path file : good.keySet()) {
            Listing.restore(directory, good);
            Files.delete(file);
            openAndCheckAll(shape, directory.relativize(file) + " deleted");
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void corruptEntryUncoversNoOlderOne(Shape shape) throws IOException {
        try (Store<String, String> store = open(shape)) {
            store.put("first", Entry.of("older"));
            store.put("first", Entry.of("newer"));
            Map<Path, byte[]> good = Listing.contents(directory.resolve("entries"));
            for (Path file : good.keySet()) {
                if (!isUnreadBody(shape, good.get(file))) {
                    Listing.restore(directory.resolve("entries"), good);
                    byte[] content = good.get(file);
                    content[content.length / 2] ^= 1;
                    Files.write(file, content);
                    assertThat(store.get("first")).isIn("newer", null);
                    content[content.length / 2] ^= 1;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void storeWhoseOwnFileIsGarbageOpensAndSaysSo(Shape shape) throws IOException {
        for (String garbage : List.of("", "{", "garbage", "{\"format\":99999}", "\0\0\0\0")) {
            fill(shape);
            Files.writeString(directory.resolve(OWNED), garbage);
            long before = setup.failures.count();
            try (Store<String, String> store = open(shape)) {
                assertThat(setup.failures.count()).as(garbage).isGreaterThan(before);
                check(store, garbage);
                store.put("first", Entry.of("new"));
                try (Store<String, String> other = open(shape)) {
                    assertThat(other.get("first")).isEqualTo("new");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void corruptEntriesAreCountedMisses(Shape shape) throws IOException {
        fill(shape);
        for (Path file : Listing.files(directory.resolve("entries"))) {
            byte[] content = Files.readAllBytes(file);
            if (content[0] == '{') {
                content[5] ^= 1;
                Files.write(file, content);
            }
        }
        try (Store<String, String> store = open(shape)) {
            assertThat(store.get("first")).isNull();
            assertThat(store.get("second")).isNull();
            assertThat(store.stats().misses()).isEqualTo(2);
            assertThat(setup.failures.count()).isPositive();
        }
    }
}
