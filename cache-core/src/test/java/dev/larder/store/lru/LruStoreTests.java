package dev.larder.store.lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.Entry;
import dev.larder.store.StoreStats;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.Model;
import dev.larder.store.contract.Operation;
import dev.larder.store.contract.Threads;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LruStoreTests {

    private final ManualClock clock = new ManualClock();

    private final ManualScheduler scheduler = new ManualScheduler();

    private LruStore<String, String> bounded(long maxEntries) {
        return LruStore.<String, String>builder()
                .maxEntries(maxEntries)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    private LruStore<String, String> weighted(long maxWeight) {
        return LruStore.<String, String>builder()
                .maxWeight(maxWeight, (key, value) -> value.length())
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    @Test
    void leastRecentlyUsedEntryGoes() {
        LruStore<String, String> store = bounded(3);
        store.put("a", "1");
        store.put("b", "2");
        store.put("c", "3");
        store.get("a");
        store.put("d", "4");
        assertThat(keys(store, "a", "b", "c", "d")).containsExactly("a", "c", "d");
        assertThat(store.stats().evicted()).isEqualTo(1);
    }

    @Test
    void looksAreNotUses() {
        LruStore<String, String> store = bounded(2);
        store.put("a", "1");
        store.put("b", "2");
        store.contains("a");
        store.entry("a");
        store.putIfAbsent("a", Entry.of("2"));
        store.put("c", "3");
        assertThat(keys(store, "a", "b", "c")).containsExactly("b", "c");
    }

    @Test
    void putAndTouchAreUses() {
        LruStore<String, String> store = bounded(3);
        store.put("a", "1");
        store.put("b", "2");
        store.put("c", "3");
        store.put("a", "4");
        store.touch("b", Entry.FOREVER, Entry.FOREVER);
        store.put("d", "5");
        assertThat(keys(store, "a", "b", "c", "d")).containsExactly("a", "b", "d");
    }

    @Test
    void everyStepWithABoundIsThatOfAnAccessOrderedMap() {
        Operation.forAllSequences(3000, 12, sequence -> {
            ManualClock time = new ManualClock();
            try (LruStore<String, String> store = LruStore.<String, String>builder()
                    .maxEntries(5)
                    .clock(time)
                    .scheduler(new ManualScheduler())
                    .build()) {
                Operation.compare(sequence, store, new Model(time, 5), time);
            }
        });
    }

    /** Long enough to pass several levels and runs of the queue, which short sequences do not reach. */
    @Test
    void orderIsExactOverAMillionSteps() {
        for (int bound : new int[] {1, 63, 64, 5000, 20_000}) {
            Random random = new Random(bound);
            LruStore<String, String> store = bounded(bound);
            Map<String, String> model = accessOrdered(bound);
            for (int step = 0; step < 200_000; step++) {
                String key = "key" + (int) (Math.abs(random.nextGaussian()) * bound);
                switch (random.nextInt(8)) {
                    case 0 -> assertThat(store.remove(key)).isEqualTo(model.remove(key) != null);
                    case 1, 2, 3 -> {
                        store.put(key, key);
                        model.put(key, key);
                    }
                    default -> assertThat(store.get(key)).isEqualTo(model.get(key));
                }
            }
            assertThat(store.size()).isEqualTo(model.size());
        }
    }

    @Test
    void entriesThatAreOnlyPutGoInTheOrderInWhichTheyCame() {
        LruStore<String, String> store = bounded(10_000);
        for (int i = 0; i < 50_000; i++) {
            store.put("key" + i, "value");
            assertThat(store.contains("key" + (i - 10_000))).isFalse();
            assertThat(store.contains("key" + Math.max(0, i - 9_999))).isTrue();
        }
    }

    @Test
    void orderIsExactWhenManyHitsLieBetweenEvictions() {
        int bound = 1000;
        Random random = new Random(1);
        LruStore<String, String> store = bounded(bound);
        Map<String, String> model = accessOrdered(bound);
        for (int round = 0; round < 300; round++) {
            for (int hit = 0; hit < 3000; hit++) {
                String key = "key" + random.nextInt(bound + round);
                assertThat(store.get(key)).isEqualTo(model.get(key));
            }
            String added = "key" + (bound + round);
            store.put(added, added);
            model.put(added, added);
        }
    }

    private static Map<String, String> accessOrdered(int bound) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > bound;
            }
        };
    }

    /** A small store numbers the uses of all threads one by one. */
    @Test
    void orderIsExactForThreadsThatTakeTurns() {
        int threads = 4;
        LruStore<String, String> store = bounded(100);
        Map<String, String> model = accessOrdered(100);
        Semaphore[] turns = new Semaphore[threads];
        for (int i = 0; i < threads; i++) {
            turns[i] = new Semaphore(i == 0 ? 1 : 0);
        }
        Threads.run(threads, thread -> {
            Random random = new Random(thread);
            for (int step = 0; step < 2000; step++) {
                turns[thread].acquire();
                String key = "key" + random.nextInt(150);
                String expected = model.get(key);
                assertThat(store.get(key)).isEqualTo(expected);
                if (expected == null) {
                    store.put(key, key);
                    model.put(key, key);
                }
                turns[(thread + 1) % threads].release();
            }
        });
    }

    /** A large store gives numbers to each thread in blocks; that must not let what one of them uses look old. */
    @Test
    void whatAThreadUsedIsKeptThoughOthersAreFarAhead() {
        int bound = 50_000;
        LruStore<String, String> store = bounded(bound);
        for (int i = 0; i < bound; i++) {
            store.put("key" + i, "value");
        }
        Semaphore others = new Semaphore(0);
        Semaphore mine = new Semaphore(1);
        Threads.run(2, thread -> {
            for (int round = 0; round < 5; round++) {
                if (thread == 0) {
                    mine.acquire();
                    store.get("key0");
                    others.release();
                } else {
                    others.acquire();
                    for (int i = 1; i < bound; i++) {
                        store.get("key" + i);
                    }
                    mine.release();
                }
            }
        });
        store.get("key0");
        for (int i = 0; i < bound - bound / 256 - 1; i++) {
            store.put("new" + i, "value");
        }
        assertThat(store.contains("key0")).isTrue();
    }

    @Test
    void boundHoldsAtEveryInstantUnderConcurrentPuts() {
        LruStore<String, String> store = bounded(100);
        AtomicInteger overfull = new AtomicInteger();
        Threads.run(8, thread -> {
            for (int i = 0; i < 5000; i++) {
                store.put(thread + "/" + i, "value");
                if (store.size() > 100) {
                    overfull.incrementAndGet();
                }
            }
        });
        assertThat(overfull).hasValue(0);
        assertThat(store.size()).isEqualTo(100);
        assertThat(store.stats().evicted()).isEqualTo(8 * 5000 - 100);
    }

    @Test
    void heaviestThatFitsStaysAndOthersGoInOrder() {
        LruStore<String, String> store = weighted(10);
        store.put("a", "1234");
        store.put("b", "1234");
        store.get("a");
        store.put("c", "123");
        assertThat(keys(store, "a", "b", "c")).containsExactly("a", "c");
        assertThat(store.stats().weight()).isEqualTo(7);
    }

    @Test
    void entryHeavierThanTheBoundIsNotKeptAndRemovesWhatWasThere() {
        LruStore<String, String> store = weighted(10);
        store.put("other", "1");
        store.put("key", "1");
        store.put("key", "12345678901");
        assertThat(keys(store, "other", "key")).containsExactly("other");
        StoreStats stats = store.stats();
        assertThat(stats.evicted()).isEqualTo(1);
        assertThat(stats.replaced()).isEqualTo(1);
        assertThat(stats.weight()).isEqualTo(1);
    }

    @Test
    void entryThatGrowsMakesOthersGo() {
        LruStore<String, String> store = weighted(10);
        store.put("a", "1");
        store.put("b", "1");
        store.put("c", "1");
        store.put("a", "123456789");
        assertThat(keys(store, "a", "b", "c")).containsExactly("a", "c");
        assertThat(store.stats().weight()).isEqualTo(10);
        store.put("a", "1");
        assertThat(store.stats().weight()).isEqualTo(2);
    }

    @Test
    void bothBoundsHold() {
        LruStore<String, String> store = LruStore.<String, String>builder()
                .maxEntries(2)
                .maxWeight(10, (key, value) -> value.length())
                .build();
        store.put("a", "1");
        store.put("b", "1");
        store.put("c", "1");
        assertThat(keys(store, "a", "b", "c")).containsExactly("b", "c");
        store.put("d", "1234567890");
        assertThat(keys(store, "b", "c", "d")).containsExactly("d");
    }

    @Test
    void weightIsTakenOnceForEachPut() {
        AtomicInteger weighed = new AtomicInteger();
        LruStore<String, StringBuilder> store = LruStore.<String, StringBuilder>builder()
                .maxWeight(100, (key, value) -> {
                    weighed.incrementAndGet();
                    return value.length();
                })
                .build();
        StringBuilder value = new StringBuilder("12345");
        store.put("key", value);
        value.append("67890");
        store.get("key");
        store.remove("key");
        assertThat(weighed).hasValue(1);
        assertThat(store.stats().weight()).isZero();
    }

    @Test
    void negativeWeightIsRejectedAndNothingChanges() {
        LruStore<String, String> store = LruStore.<String, String>builder()
                .maxWeight(100, (key, value) -> -1)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("key", "value"))
                .withMessageContaining("-1")
                .withMessageContaining("key");
        assertThat(store.size()).isZero();
    }

    @Test
    void builderRejectsBoundsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> LruStore.builder().maxEntries(0));
        assertThatIllegalArgumentException().isThrownBy(() -> LruStore.builder().maxWeight(-1, (key, value) -> 1));
        assertThatIllegalStateException().isThrownBy(() -> LruStore.builder().build());
    }

    @Test
    void expiredEntriesLeaveWithoutAReader() {
        LruStore<String, String> store = bounded(10);
        store.put("short", Entry.of("value", clock.millis() + 100));
        store.put("long", Entry.of("value", clock.millis() + 10_000));
        store.put("stale", new Entry<>("value", clock.millis() + 100, clock.millis() + 10_000, null));
        clock.advanceMillis(100);
        scheduler.runAll();
        assertThat(store.size()).isEqualTo(2);
        assertThat(store.stats().expired()).isEqualTo(1);
        assertThat(store.entry("stale")).isNotNull();
        clock.advanceMillis(10_000);
        scheduler.runAll();
        assertThat(store.size()).isZero();
        assertThat(store.stats().expired()).isEqualTo(3);
    }

    @Test
    void touchedEntryDoesNotLeaveAtItsOldInstant() {
        LruStore<String, String> store = bounded(10);
        store.put("key", Entry.of("value", clock.millis() + 100));
        store.touch("key", clock.millis() + 500, clock.millis() + 500);
        clock.advanceMillis(100);
        scheduler.runAll();
        assertThat(store.get("key")).isEqualTo("value");
        clock.advanceMillis(400);
        scheduler.runAll();
        assertThat(store.size()).isZero();
    }

    @Test
    void entryRenewedDuringASweepStays() {
        LruStore<String, String> store = bounded(10);
        AtomicInteger lost = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Threads.run(2, thread -> {
            while (thread == 0 && !done.get()) {
                clock.advanceMillis(1);
                scheduler.runAll();
            }
            for (int round = 0; thread == 1 && round < 2_000; round++) {
                long end = clock.millis() + 1;
                store.put("key", Entry.of("value", end));
                while (clock.millis() < end) {
                    Thread.onSpinWait();
                }
                store.put("key", Entry.of("value", end + 1_000_000_000));
                for (int look = 0; look < 20; look++) {
                    if (!store.contains("key")) {
                        lost.incrementAndGet();
                    }
                }
            }
            if (thread == 1) {
                done.set(true);
            }
        });
        assertThat(lost).hasValue(0);
    }

    @Test
    void storeWithoutFiniteLivesHasNoBackgroundWork() {
        LruStore<String, String> store = bounded(10);
        store.put("forever", "value");
        assertThat(scheduler.tasks()).isZero();
        store.put("key", Entry.of("value", clock.millis() + 100));
        store.put("other", Entry.of("value", clock.millis() + 200));
        assertThat(scheduler.tasks()).isEqualTo(1);
        clock.advanceMillis(200);
        scheduler.runAll();
        scheduler.runAll();
        assertThat(scheduler.tasks()).isZero();
        store.put("again", Entry.of("value", clock.millis() + 100));
        assertThat(scheduler.tasks()).isEqualTo(1);
    }

    @Test
    void closeEndsBackgroundWork() {
        LruStore<String, String> store = bounded(10);
        store.put("key", Entry.of("value", clock.millis() + 100));
        store.close();
        scheduler.runAll();
        assertThat(scheduler.tasks()).isZero();
    }

    @Test
    void backgroundWorkDoesNotKeepAnUnusedStoreAlive() {
        WeakReference<LruStore<String, String>> reference = new WeakReference<>(bounded(10));
        put(reference);
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
        scheduler.runAll();
        assertThat(scheduler.tasks()).isZero();
    }

    private void put(WeakReference<LruStore<String, String>> reference) {
        LruStore<String, String> store = reference.get();
        if (store != null) {
            store.put("key", Entry.of("value", clock.millis() + 100));
        }
    }

    @Test
    void expiryAndPutsOfManyThreadsLoseNothing() {
        LruStore<String, String> store = bounded(2000);
        Threads.run(8, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 5000; i++) {
                if (thread == 0) {
                    clock.advanceMillis(1);
                    scheduler.runAll();
                } else {
                    store.put("key" + random.nextInt(5000), Entry.of("value", clock.millis() + 1 + random.nextInt(50)));
                }
            }
        });
        clock.advanceMillis(1000);
        scheduler.runAll();
        scheduler.runAll();
        assertThat(store.size()).isZero();
        StoreStats stats = store.stats();
        assertThat(stats.puts()).isEqualTo(stats.replaced() + stats.expired() + stats.evicted());
    }

    @Test
    void removedEntriesDoNotPileUp() {
        LruStore<String, byte[]> store =
                LruStore.<String, byte[]>builder().maxEntries(100).build();
        List<WeakReference<byte[]>> values = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            byte[] value = new byte[100];
            values.add(new WeakReference<>(value));
            store.put("key" + i % 50, value);
            store.remove("key" + i % 50);
        }
        for (int i = 0; i < 50 && values.stream().anyMatch(value -> value.get() != null); i++) {
            System.gc();
        }
        assertThat(values).allMatch(value -> value.get() == null);
    }

    @Test
    void keysOfRemovedEntriesDoNotPileUp() {
        LruStore<Object, String> store =
                LruStore.<Object, String>builder().maxEntries(100).build();
        List<WeakReference<Object>> keys = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Object key = new Object();
            keys.add(new WeakReference<>(key));
            store.put(key, "value");
            store.remove(key);
        }
        for (int i = 0; i < 50 && alive(keys) > 100; i++) {
            System.gc();
        }
        assertThat(alive(keys)).isLessThanOrEqualTo(100);
    }

    private static long alive(List<WeakReference<Object>> keys) {
        return keys.stream().filter(key -> key.get() != null).count();
    }

    @Test
    void readsGoOnWhileAWriterIsStuckInTheKeysEquals() throws Exception {
        LruStore<Object, String> store =
                LruStore.<Object, String>builder().maxEntries(10).build();
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Object key = new Object() {
            @Override
            public int hashCode() {
                return "key".hashCode();
            }

            @Override
            public boolean equals(Object other) {
                if (other == this) {
                    return true;
                }
                stuck.countDown();
                awaitQuietly(release);
                return false;
            }
        };
        store.put("key", "value");
        Thread writer = new Thread(() -> store.put(key, "other"));
        writer.start();
        stuck.await();
        assertThat(store.get("key")).isEqualTo("value");
        store.put("another", "value");
        assertThat(store.get("another")).isEqualTo("value");
        release.countDown();
        writer.join();
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    void putThatFoundItsKeyBeforeAClearIsNotLostAfterIt() throws Exception {
        LruStore<Object, String> store =
                LruStore.<Object, String>builder().maxEntries(10).build();
        CountDownLatch found = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Object key = new Object() {
            @Override
            public int hashCode() {
                return "key".hashCode();
            }

            @Override
            public boolean equals(Object other) {
                found.countDown();
                awaitQuietly(release);
                return other == this || other.equals("key");
            }
        };
        store.put("key", "early");
        Thread writer = new Thread(() -> store.put(key, "late"));
        writer.start();
        found.await();
        store.clear();
        release.countDown();
        writer.join();
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.remove(key)).isTrue();
    }

    @Test
    void readsAndWritesGoOnWhileAWeigherIsStuck() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LruStore<String, String> store = LruStore.<String, String>builder()
                .maxWeight(10, (key, value) -> {
                    if (key.equals("slow")) {
                        stuck.countDown();
                        awaitQuietly(release);
                    }
                    return 1;
                })
                .build();
        Thread writer = new Thread(() -> store.put("slow", "value"));
        writer.start();
        stuck.await();
        store.put("key", "value");
        assertThat(store.get("key")).isEqualTo("value");
        release.countDown();
        writer.join();
        assertThat(store.get("slow")).isEqualTo("value");
    }

    @Test
    void keyThatThrowsInEqualsLeavesTheStoreUsable() {
        LruStore<Object, String> store =
                LruStore.<Object, String>builder().maxEntries(10).build();
        store.put("key", "value");
        Object broken = new Object() {
            @Override
            public int hashCode() {
                return "key".hashCode();
            }

            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("broken");
            }
        };
        assertThatIllegalStateException().isThrownBy(() -> store.put(broken, "other"));
        store.put("key", "new");
        assertThat(store.get("key")).isEqualTo("new");
        assertThat(store.stats().puts()).isEqualTo(2);
    }

    @Test
    void oneOfTwoThatPutTheSameKeyAtOnceWins() {
        LruStore<String, String> store = bounded(100);
        AtomicInteger arrived = new AtomicInteger();
        AtomicInteger wins = new AtomicInteger();
        int rounds = 20_000;
        Threads.run(2, thread -> {
            for (int round = 1; round <= rounds; round++) {
                arrived.incrementAndGet();
                while (arrived.get() < 2 * round) {
                    Thread.yield();
                }
                if (store.putIfAbsent("key" + round, Entry.of("value")) == null) {
                    wins.incrementAndGet();
                }
            }
        });
        assertThat(wins).hasValue(rounds);
    }

    @Test
    void keyInsertedDuringASearchForItIsFound() throws Exception {
        LruStore<Object, String> store =
                LruStore.<Object, String>builder().maxEntries(10).build();
        CountDownLatch searching = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Object sameKeyButSlow = new Object() {
            @Override
            public int hashCode() {
                return Colliding.HASH;
            }

            @Override
            public boolean equals(Object other) {
                if (!other.equals(new Colliding(0))) {
                    return other.equals(new Colliding(1));
                }
                searching.countDown();
                awaitQuietly(release);
                return false;
            }
        };
        store.put(new Colliding(0), "other");
        List<String> seen = new ArrayList<>();
        Thread late = new Thread(() -> seen.add(store.putIfAbsent(sameKeyButSlow, Entry.of("late"))));
        late.start();
        searching.await();
        store.put(new Colliding(1), "early");
        release.countDown();
        late.join();
        assertThat(seen).containsExactly("early");
        assertThat(store.size()).isEqualTo(2);
    }

    private record Colliding(int number) {

        static final int HASH = 7;

        @Override
        public int hashCode() {
            return HASH;
        }
    }

    @Test
    void valueIsTheSameObject() {
        LruStore<String, Object> store =
                LruStore.<String, Object>builder().maxEntries(1).build();
        Object value = new Object();
        store.put("key", value);
        assertThat(store.get("key")).isSameAs(value);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("Not released");
            }
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    private static List<String> keys(LruStore<String, String> store, String... candidates) {
        return List.of(candidates).stream().filter(store::contains).toList();
    }

    /** Who needs more room has just been used, and so has everything else, by others. */
    @Test
    void entryThatGrowsWhileAllOthersAreReadIsCountedOnce() {
        LruStore<String, String> store = weighted(10);
        AtomicBoolean done = new AtomicBoolean();
        Threads.run(2, thread -> {
            if (thread == 1) {
                while (!done.get()) {
                    store.get("hot");
                }
                return;
            }
            try {
                for (int i = 0; i < 20_000; i++) {
                    store.put("hot", "xxx");
                    store.put("growing", i % 2 == 0 ? "" : "yyy");
                    store.put("growing", "yyyyyyyy");
                    assertThat(store.get("growing")).isEqualTo("yyyyyyyy");
                    assertThat(store.stats().weight()).isEqualTo(8);
                }
            } finally {
                done.set(true);
            }
        });
        StoreStats stats = store.stats();
        assertThat(stats.size())
                .isEqualTo(stats.puts() - stats.replaced() - stats.evicted())
                .isEqualTo(1);
    }
}
