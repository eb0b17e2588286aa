package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.contract.StoreContract;
import dev.larder.store.contract.Threads;
import dev.larder.store.lru.LruStore;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ShardedStoreTests extends StoreContract {

    private static final int SHARDS = 8;

    private final List<Integer> opened = new CopyOnWriteArrayList<>();

    private final Failures failures = new Failures("test", clock);

    /** What the shards hold from one opening to the next, as on a disk. */
    private final Map<Integer, LruStore<String, String>> kept = new HashMap<>();

    private final Set<Integer> broken = new HashSet<>();

    private final List<Integer> discarded = new CopyOnWriteArrayList<>();

    @Override
    protected Store<String, String> open(InstantSource time, Scheduler tasks) {
        return sharded(number -> LruStore.<String, String>builder()
                .maxEntries(10_000)
                .clock(time)
                .scheduler(tasks)
                .build());
    }

    private ShardedStore<String, String> sharded(IntFunction<Store<String, String>> opener) {
        return ShardedStore.of(SHARDS, opener, discarded::add, failures, clock);
    }

    /** Shards that cannot be opened while they are {@link #broken}. */
    private ShardedStore<String, String> breakable() {
        return sharded(number -> {
            opened.add(number);
            if (broken.contains(number)) {
                throw new IllegalStateException("broken");
            }
            return kept.computeIfAbsent(
                    number,
                    absent -> LruStore.<String, String>builder()
                            .maxEntries(100)
                            .clock(clock)
                            .build());
        });
    }

    private static int shard(String key) {
        return ShardedStore.shard(key.hashCode(), SHARDS);
    }

    @Test
    void eachKeyIsInTheShardOfItsHashCode() {
        ShardedStore<String, String> sharded = breakable();
        for (int i = 0; i < 200; i++) {
            sharded.put("key" + i, "value" + i);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(kept.get(shard("key" + i)).get("key" + i)).isEqualTo("value" + i);
        }
        assertThat(sharded.size()).isEqualTo(200);
    }

    /** Directories in use rely on it. */
    @Test
    void shardOfAHashCodeNeverChanges() {
        assertThat(List.of(0, 1, -1, 42, "larder".hashCode()).stream().map(hash -> ShardedStore.shard(hash, 1000)))
                .containsExactly(0, 317, 507, 33, 726);
    }

    @Test
    void hashCodesThatCountUpAreSpreadEvenlyOverShardsAndWithinThem() {
        for (int count : new int[] {2, 3, 8, 16}) {
            int[] cells = new int[count * 16];
            for (int hash = 0; hash < 1000 * cells.length; hash++) {
                // What a hash table of 16 slots makes of the same hash code.
                cells[ShardedStore.shard(hash, count) * 16 + (hash & 15)]++;
            }
            // 6 standard deviations around the mean of 1000
            assertThat(Arrays.stream(cells)).as("%d shards", count).allMatch(cell -> cell > 810 && cell < 1190);
        }
    }

    @Test
    void shardIsOpenedWhenItIsUsedFirst() {
        ShardedStore<String, String> sharded = breakable();
        assertThat(sharded.size()).isZero();
        assertThat(sharded.stats()).isEqualTo(StoreStats.NONE);
        assertThat(opened).isEmpty();
        sharded.get("key");
        sharded.put("key", "value");
        assertThat(opened).containsExactly(shard("key"));
    }

    @Test
    void shardIsOpenedOnceBySixteenThreads() {
        for (int round = 0; round < 50; round++) {
            opened.clear();
            ShardedStore<String, String> sharded = sharded(number -> {
                opened.add(number);
                return LruStore.<String, String>builder().maxEntries(100).build();
            });
            Threads.run(16, thread -> sharded.put("key" + thread, "value"));
            assertThat(opened).doesNotHaveDuplicates();
            assertThat(sharded.size()).isEqualTo(16);
        }
    }

    @Test
    void openOpensAllShardsAndThrowsWhatFails() {
        broken.add(SHARDS - 1);
        ShardedStore<String, String> sharded = breakable();
        assertThatIllegalStateException().isThrownBy(sharded::open).withMessage("broken");
        broken.clear();
        sharded.open();
        assertThat(kept).hasSize(SHARDS);
        assertThat(opened).hasSize(SHARDS + 1);
        assertThat(failures.count()).isZero();
    }

    @Test
    void shardThatCannotBeOpenedIsEmptyAndReportedWhileTheOthersWork() {
        String other = otherShardThan("key");
        broken.add(shard("key"));
        ShardedStore<String, String> sharded = breakable();
        sharded.put("key", "value");
        sharded.put(other, "value");
        assertThat(sharded.get("key")).isNull();
        assertThat(sharded.pop("key")).isNull();
        assertThat(sharded.entry("key")).isNull();
        assertThat(sharded.contains("key")).isFalse();
        assertThat(sharded.remove("key")).isFalse();
        assertThat(sharded.touch("key", Entry.FOREVER, Entry.FOREVER)).isFalse();
        assertThat(sharded.putIfAbsent("key", Entry.of("value"))).isNull();
        assertThat(sharded.get(other)).isEqualTo("value");
        assertThat(failures.counts()).isEqualTo(Map.of("open", 1L));
        StoreStats stats = sharded.stats();
        assertThat(stats.hits()).isEqualTo(1);
        assertThat(stats.misses()).isEqualTo(2);
        assertThat(stats.puts()).isEqualTo(1);
        assertThat(stats.size()).isEqualTo(1);
    }

    private static String otherShardThan(String key) {
        String other = "other";
        while (shard(other) == shard(key)) {
            other += "r";
        }
        return other;
    }

    @Test
    void shardThatCannotBeOpenedIsTriedAgainAfterASecond() {
        breakable().put("key", "value");
        opened.clear();
        broken.add(shard("key"));
        ShardedStore<String, String> sharded = breakable();
        assertThat(sharded.get("key")).isNull();
        broken.clear();
        clock.advanceMillis(999);
        assertThat(sharded.get("key")).isNull();
        assertThat(opened).hasSize(1);
        clock.advanceMillis(1);
        assertThat(sharded.get("key")).isEqualTo("value");
        assertThat(opened).hasSize(2);
        assertThat(sharded.stats().hits()).isEqualTo(1);
        assertThat(sharded.stats().misses()).isEqualTo(2);
    }

    @Test
    void shardThatCannotBeOpenedIsDiscardedOnceAndOnlyForAChange() {
        broken.add(shard("key"));
        ShardedStore<String, String> sharded = breakable();
        sharded.get("key");
        assertThat(discarded).isEmpty();
        sharded.remove("key");
        sharded.remove("key");
        assertThat(discarded).containsExactly(shard("key"));
    }

    @Test
    void whatWasToBeChangedWhileAShardWasMissingDoesNotComeBack() {
        List<Consumer<Store<String, String>>> changes = List.of(
                store -> store.put("key", "new"),
                store -> store.putIfAbsent("key", Entry.of("new")),
                store -> store.touch("key", clock.millis(), clock.millis()),
                store -> store.remove("key"),
                store -> store.pop("key"),
                Store::clear);
        for (Consumer<Store<String, String>> change : changes) {
            breakable().put("key", "old");
            broken.add(shard("key"));
            ShardedStore<String, String> sharded = breakable();
            change.accept(sharded);
            broken.clear();
            clock.advanceMillis(1000);
            assertThat(sharded.get("key"))
                    .as("change %d", changes.indexOf(change))
                    .isNull();
            sharded.put("key", "newer");
            assertThat(sharded.get("key")).isEqualTo("newer");
        }
    }

    @Test
    void shardThatCannotBeClearedAfterAMissedChangeStaysMissing() {
        breakable().put("key", "old");
        int number = shard("key");
        broken.add(number);
        List<String> calls = new ArrayList<>();
        boolean[] clears = {false};
        ShardedStore<String, String> sharded = sharded(of -> {
            if (broken.contains(of)) {
                throw new IllegalStateException("broken");
            }
            return clearing(kept.get(of), clears, calls);
        });
        sharded.remove("key");
        broken.clear();
        clock.advanceMillis(1000);
        assertThat(sharded.get("key")).isNull();
        assertThat(calls).containsExactly("clear", "close");
        clears[0] = true;
        clock.advanceMillis(1000);
        assertThat(sharded.get("key")).isNull();
        assertThat(kept.get(number).size()).isZero();
        assertThat(failures.counts()).isEqualTo(Map.of("open", 2L));
    }

    /** A store that clears only if it is told that it can, and does not close the one below. */
    @SuppressWarnings("unchecked")
    private static Store<String, String> clearing(Store<String, String> below, boolean[] clears, List<String> calls) {
        return (Store<String, String>) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("clear") && !clears[0]) {
                        throw new IllegalStateException("cannot clear");
                    }
                    return method.getName().equals("close") ? null : method.invoke(below, arguments);
                });
    }

    @Test
    void clearReachesShardsThatWereNotOpenedYet() {
        ShardedStore<String, String> before = breakable();
        for (int i = 0; i < 100; i++) {
            before.put("key" + i, "value");
        }
        ShardedStore<String, String> sharded = breakable();
        assertThat(sharded.clear()).isTrue();
        assertThat(kept.values()).hasSize(SHARDS).allMatch(store -> store.size() == 0);
        assertThat(sharded.clear()).isFalse();
    }

    @Test
    void clearAndCloseReachTheOtherShardsWhenOneFails() {
        List<String> calls = new ArrayList<>();
        ShardedStore<String, String> sharded = sharded(number -> {
            LruStore<String, String> below =
                    LruStore.<String, String>builder().maxEntries(100).build();
            kept.put(number, below);
            return number == 0 ? clearing(below, new boolean[] {false}, calls) : below;
        });
        for (int i = 0; i < 100; i++) {
            sharded.put("key" + i, "value");
        }
        assertThatIllegalStateException().isThrownBy(sharded::clear).withMessage("cannot clear");
        kept.forEach((number, store) -> assertThat(store.size() == 0).isEqualTo(number != 0));
    }

    @Test
    void closedStoreOpensNoShard() {
        ShardedStore<String, String> sharded = breakable();
        sharded.close();
        assertThat(sharded.get("key")).isNull();
        sharded.put("key", "value");
        sharded.open();
        assertThat(sharded.clear()).isFalse();
        assertThat(opened).isEmpty();
        assertThat(sharded.stats().misses()).isEqualTo(1);
    }

    @Test
    void fewerThanOneShardAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ShardedStore.of(0, number -> new NoStore<String, String>(), number -> {}, failures, clock))
                .withMessageContaining("0");
    }
}
