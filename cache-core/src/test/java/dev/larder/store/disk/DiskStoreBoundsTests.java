package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.Utf8Codec;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.Model;
import dev.larder.store.contract.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept when a store on disk is full. */
class DiskStoreBoundsTests {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    private final ManualScheduler scheduler = new ManualScheduler();

    private final List<Store<?, ?>> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(Store::close);
    }

    @ParameterizedTest
    @EnumSource
    void orderOfBytesIsThatOfAMapInOrderOfAccess(Layout layout) {
        compare(SerializingStore.of(
                bytes(builder -> builder.layout(layout).maxEntries(20)), new Utf8Codec(), new Failures("text", clock)));
    }

    @ParameterizedTest
    @EnumSource
    void orderOfFilesIsThatOfAMapInOrderOfAccess(Layout layout) {
        compare(new PayloadTextStore(keep(DiskStore.files(directory)
                .layout(layout)
                .maxEntries(20)
                .clock(clock)
                .scheduler(scheduler)
                .build())));
    }

    private void compare(Store<String, String> store) {
        Model model = new Model(clock, 20);
        Random random = new Random(7);
        for (int step = 0; step < 3000; step++) {
            String key = "k" + random.nextInt(40);
            String value = "v" + step;
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> assertThat(store.get(key)).isEqualTo(model.get(key));
                case 4, 5, 6, 7 -> {
                    store.put(key, value);
                    model.put(key, value);
                }
                case 8 ->
                    assertThat(store.putIfAbsent(key, Entry.of(value)))
                            .isEqualTo(model.putIfAbsent(key, Entry.of(value)));
                case 9 ->
                    assertThat(store.touch(key, Entry.FOREVER, Entry.FOREVER))
                            .isEqualTo(model.touch(key, Entry.FOREVER, Entry.FOREVER));
                case 10 -> assertThat(store.remove(key)).isEqualTo(model.remove(key));
                default -> scheduler.runAll();
            }
            for (int i = 0; i < 40; i++) {
                assertThat(store.contains("k" + i))
                        .as("k%d after step %d", i, step)
                        .isEqualTo(model.contains("k" + i));
            }
        }
        assertThat(store.size()).isEqualTo(model.size());
        assertThat(store.stats().evicted()).isEqualTo(model.stats().evicted()).isPositive();
    }

    @Test
    void entriesAreNeverMoreThanTheBound() {
        Store<String, byte[]> store = bytes(builder -> builder.maxEntries(50));
        Random random = new Random(8);
        for (int i = 0; i < 2000; i++) {
            store.put("k" + random.nextInt(200), new byte[10]);
            assertThat(files()).hasSizeLessThanOrEqualTo(50);
        }
        assertThat(files()).hasSize(50);
        assertThat(store.size()).isEqualTo(50);
    }

    @Test
    void bytesAreNeverMoreThanTheBound() {
        Store<String, byte[]> store = bytes(builder -> builder.maxSize(20_000));
        Random random = new Random(9);
        for (int i = 0; i < 2000; i++) {
            store.put("k" + random.nextInt(100), new byte[random.nextInt(3000)]);
            if (random.nextInt(10) == 0) {
                store.remove("k" + random.nextInt(100));
            }
            assertThat(length())
                    .isLessThanOrEqualTo(20_000)
                    .isEqualTo(store.stats().weight());
            assertThat(store.size()).isEqualTo(files().size());
        }
    }

    @Test
    void manyThreadsKeepTheBound() {
        Store<String, byte[]> store = bytes(builder -> builder.maxEntries(30));
        Threads.run(4, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 500; i++) {
                store.put("k" + random.nextInt(200), new byte[10]);
                store.get("k" + random.nextInt(200));
            }
        });
        scheduler.runAll();
        assertThat(files()).hasSizeLessThanOrEqualTo(30);
        assertThat(store.size()).isEqualTo(files().size());
    }

    @Test
    void entryLargerThanTheBoundIsNotKeptAndWhatItReplacesGoes() {
        Store<String, byte[]> store = bytes(builder -> builder.maxSize(1000));
        store.put("other", new byte[10]);
        store.put("key", new byte[10]);
        store.put("key", new byte[1000]);
        assertThat(store.get("key")).isNull();
        assertThat(store.get("other")).isNotNull();
        assertThat(files()).hasSize(1);
        assertThat(store.stats().evicted()).isEqualTo(1);
    }

    @Test
    void entryLargerThanTheBoundIsNotKeptWhereNothingIs() {
        Store<String, byte[]> store = bytes(builder -> builder.maxSize(1000));
        store.put("other", new byte[10]);
        assertThat(store.putIfAbsent("key", Entry.of(new byte[1000]))).isNull();
        assertThat(store.get("key")).isNull();
        assertThat(store.get("other")).isNotNull();
        assertThat(store.stats().evicted()).isEqualTo(1);
    }

    @Test
    void twoStoresKeepTheBoundButForWhatTheOtherJustWrote() {
        List<Store<String, byte[]>> stores =
                List.of(bytes(builder -> builder.maxEntries(50)), bytes(builder -> builder.maxEntries(50)));
        Random random = new Random(10);
        for (int second = 0; second < 200; second++) {
            for (int i = 0; i < 10; i++) {
                stores.get(random.nextInt(2)).put("k" + random.nextInt(300), new byte[10]);
                assertThat(files()).hasSizeLessThanOrEqualTo(50 + 10);
            }
            clock.advanceMillis(Ledger.MAX_AGE_MILLIS);
            if (second % 20 == 0) {
                scheduler.runAll();
                assertThat(files()).hasSizeLessThanOrEqualTo(50);
            }
        }
        clock.advanceMillis(Ledger.MAX_AGE_MILLIS);
        scheduler.runAll();
        clock.advanceMillis(Ledger.MAX_AGE_MILLIS);
        assertThat(stores.get(0).size()).isEqualTo(files().size());
        assertThat(stores.get(1).size()).isEqualTo(files().size());
    }

    @Test
    void usesByAnotherStoreCount() {
        Store<String, byte[]> other = bytes(builder -> builder.maxEntries(3));
        for (String key : new String[] {"a", "b", "c"}) {
            other.put(key, new byte[1]);
        }
        age();
        Store<String, byte[]> one = bytes(builder -> builder.maxEntries(3));
        other.get("a");
        scheduler.runAll();
        one.put("d", new byte[1]);
        one.put("e", new byte[1]);
        assertThat(one.contains("a")).isTrue();
        assertThat(one.contains("b")).isFalse();
        assertThat(one.contains("c")).isFalse();
    }

    @Test
    void usesByAnotherStoreCountAlsoAfterTheEntryWasListed() {
        Store<String, byte[]> other = bytes(builder -> builder.maxEntries(4));
        for (String key : new String[] {"a", "b", "c", "d"}) {
            other.put(key, new byte[1]);
        }
        age();
        Store<String, byte[]> one = bytes(builder -> builder.maxEntries(4));
        one.put("e", new byte[1]);
        String next =
                Stream.of("a", "b", "c", "d").filter(one::contains).findFirst().orElseThrow();
        for (String key : new String[] {"a", "b", "c", "d"}) {
            if (!key.equals(next)) {
                other.get(key);
            }
        }
        scheduler.runAll();
        one.put("f", new byte[1]);
        assertThat(one.contains(next)).isFalse();
        assertThat(one.size()).isEqualTo(4);
    }

    @Test
    void usesAreKnownAfterReopening() {
        Store<String, byte[]> first = bytes(builder -> builder.maxEntries(3));
        for (String key : new String[] {"a", "b", "c"}) {
            first.put(key, new byte[1]);
        }
        age();
        first.get("a");
        first.close();
        Store<String, byte[]> second = bytes(builder -> builder.maxEntries(3));
        second.put("d", new byte[1]);
        second.put("e", new byte[1]);
        assertThat(second.contains("a")).isTrue();
        assertThat(second.contains("b")).isFalse();
        assertThat(second.contains("c")).isFalse();
    }

    @Test
    void boundThatWasLoweredIsReachedInTheBackground() {
        Store<String, byte[]> wide = bytes(builder -> builder.maxEntries(500));
        for (int i = 0; i < 500; i++) {
            wide.put("k" + i, new byte[1]);
        }
        age();
        wide.put("k123", new byte[1]);
        wide.close();
        Store<String, byte[]> narrow = bytes(builder -> builder.maxEntries(10));
        assertThat(narrow.size()).isEqualTo(500);
        for (int i = 0; i < 10; i++) {
            scheduler.runAll();
        }
        assertThat(files()).hasSize(10);
        assertThat(narrow.get("k123")).isNotNull();
    }

    @Test
    void sizeIsKnownAfterReopeningWithoutCounting() {
        Store<String, byte[]> first = bytes(builder -> builder);
        first.put("a", new byte[10]);
        first.put("b", new byte[10]);
        long weight = first.stats().weight();
        first.close();
        Store<String, byte[]> second = bytes(builder -> builder);
        assertThat(second.size()).isEqualTo(2);
        assertThat(second.stats().weight()).isEqualTo(weight).isEqualTo(length());
    }

    /** As if all entries had been written long ago. */
    private void age() {
        for (Path file : files()) {
            try {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    private DiskStore<byte[]> bytes(Function<DiskStore.Builder<byte[]>, DiskStore.Builder<byte[]>> settings) {
        return keep(settings.apply(DiskStore.bytes(directory).clock(clock).scheduler(scheduler))
                .build());
    }

    private <V> DiskStore<V> keep(DiskStore<V> store) {
        opened.add(store);
        return store;
    }

    private long length() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    /** All files of entries. */
    private List<Path> files() {
        return files(directory.resolve("entries"));
    }

    private static List<Path> files(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).toList();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
