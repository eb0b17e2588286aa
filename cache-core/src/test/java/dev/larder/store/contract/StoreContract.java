package dev.larder.store.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.larder.store.Entry;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one caller can see of a {@link Store}. */
public abstract class StoreContract {

    protected static final long MINUTE = 60_000;

    protected final ManualClock clock = new ManualClock();

    protected final ManualScheduler scheduler = new ManualScheduler();

    protected Store<String, String> store;

    /** A store with room for ten thousand small entries. */
    protected abstract Store<String, String> open(InstantSource clock, Scheduler scheduler);

    @BeforeEach
    void open() {
        store = open(clock, scheduler);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** An entry that is fresh for so many milliseconds from now, and then gone. */
    protected Entry<String> fresh(String value, long life) {
        return Entry.of(value, Entry.after(clock.millis(), life));
    }

    /** An entry that is fresh, and then stale, for so many milliseconds each. */
    protected Entry<String> stale(String value, long fresh, long stale) {
        return new Entry<>(value, clock.millis() + fresh, clock.millis() + fresh + stale, "\"etag\"");
    }

    @Test
    void getOfAbsentKeyMisses() {
        assertThat(store.get("key")).isNull();
        assertThat(store.entry("key")).isNull();
        assertThat(store.contains("key")).isFalse();
    }

    @Test
    void getReturnsWhatWasPut() {
        store.put("key", "value");
        assertThat(store.get("key")).isEqualTo("value");
        assertThat(store.contains("key")).isTrue();
        assertThat(store.entry("key")).isEqualTo(Entry.of("value"));
    }

    @Test
    void putReplacesValueAndLife() {
        store.put("key", fresh("old", 10));
        store.put("key", fresh("new", 30));
        clock.advanceMillis(20);
        assertThat(store.get("key")).isEqualTo("new");
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void putWithShorterLifeShortensIt() {
        store.put("key", Entry.of("old"));
        store.put("key", fresh("new", 10));
        clock.advanceMillis(10);
        assertThat(store.get("key")).isNull();
    }

    @Test
    void entryIsFreshUntilItsInstantAndNotAtIt() {
        store.put("key", fresh("value", MINUTE));
        clock.advanceMillis(MINUTE - 1);
        assertThat(store.get("key")).isEqualTo("value");
        clock.advanceMillis(1);
        assertThat(store.get("key")).isNull();
        assertThat(store.contains("key")).isFalse();
        assertThat(store.entry("key")).isNull();
        assertThat(store.pop("key")).isNull();
        assertThat(store.remove("key")).isFalse();
    }

    @Test
    void staleEntryIsSeenAsEntryOnly() {
        Entry<String> entry = stale("value", 10, 10);
        store.put("key", entry);
        clock.advanceMillis(10);
        assertThat(store.get("key")).isNull();
        assertThat(store.contains("key")).isFalse();
        assertThat(store.entry("key")).isEqualTo(entry);
        clock.advanceMillis(10);
        assertThat(store.entry("key")).isNull();
    }

    @Test
    void putOfEntryWhoseLifeIsOverRemovesWhatWasThere() {
        store.put("key", "old");
        store.put("key", Entry.of("new", clock.millis()));
        assertThat(store.get("key")).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void entryKeepsBothInstantsAndEtag() {
        Entry<String> entry = new Entry<>("value", clock.millis() + 5, clock.millis() + 7, "\"v1\"");
        store.put("key", entry);
        assertThat(store.entry("key")).isEqualTo(entry);
    }

    @Test
    void putIfAbsentPutsWhereNothingIs() {
        assertThat(store.putIfAbsent("key", Entry.of("first"))).isNull();
        assertThat(store.putIfAbsent("key", Entry.of("second"))).isEqualTo("first");
        assertThat(store.get("key")).isEqualTo("first");
    }

    @Test
    void putIfAbsentReplacesStaleAndExpiredEntries() {
        store.put("stale", stale("old", 10, 10));
        store.put("expired", fresh("old", 10));
        clock.advanceMillis(10);
        assertThat(store.putIfAbsent("stale", Entry.of("new"))).isNull();
        assertThat(store.putIfAbsent("expired", Entry.of("new"))).isNull();
        assertThat(store.get("stale")).isEqualTo("new");
        assertThat(store.get("expired")).isEqualTo("new");
    }

    @Test
    void touchProlongsLifeAndKeepsValue() {
        store.put("key", fresh("value", 10));
        assertThat(store.touch("key", clock.millis() + 20, clock.millis() + 30)).isTrue();
        clock.advanceMillis(19);
        assertThat(store.get("key")).isEqualTo("value");
        clock.advanceMillis(1);
        assertThat(store.get("key")).isNull();
        assertThat(store.entry("key")).isNotNull();
    }

    @Test
    void touchWakesStaleEntry() {
        store.put("key", stale("value", 10, 10));
        clock.advanceMillis(10);
        assertThat(store.touch("key", clock.millis() + 10, clock.millis() + 10)).isTrue();
        assertThat(store.get("key")).isEqualTo("value");
    }

    @Test
    void touchOfAbsentOrExpiredKeyDoesNothing() {
        store.put("expired", fresh("value", 10));
        clock.advanceMillis(10);
        assertThat(store.touch("expired", Entry.FOREVER, Entry.FOREVER)).isFalse();
        assertThat(store.touch("absent", Entry.FOREVER, Entry.FOREVER)).isFalse();
        assertThat(store.get("expired")).isNull();
    }

    @Test
    void touchThatEndsLifeRemoves() {
        store.put("key", "value");
        assertThat(store.touch("key", clock.millis(), clock.millis())).isTrue();
        assertThat(store.get("key")).isNull();
        assertThat(store.entry("key")).isNull();
    }

    @Test
    void removeTellsWhetherFreshEntryWasThere() {
        store.put("key", "value");
        store.put("stale", stale("value", 10, 10));
        clock.advanceMillis(10);
        assertThat(store.remove("key")).isTrue();
        assertThat(store.remove("key")).isFalse();
        assertThat(store.remove("stale")).isFalse();
        assertThat(store.entry("stale")).isNull();
        assertThat(store.get("key")).isNull();
    }

    @Test
    void popReadsAndRemoves() {
        store.put("key", "value");
        assertThat(store.pop("key")).isEqualTo("value");
        assertThat(store.pop("key")).isNull();
        assertThat(store.get("key")).isNull();
    }

    @Test
    void popOfStaleEntryRemovesIt() {
        store.put("key", stale("value", 10, 10));
        clock.advanceMillis(10);
        assertThat(store.pop("key")).isNull();
        assertThat(store.entry("key")).isNull();
    }

    @Test
    void clearRemovesAllAndTellsWhetherSomethingFreshWasThere() {
        assertThat(store.clear()).isFalse();
        store.put("a", "1");
        store.put("b", "2");
        assertThat(store.clear()).isTrue();
        assertThat(store.clear()).isFalse();
        assertThat(store.get("a")).isNull();
        assertThat(store.size()).isZero();
        store.put("a", stale("1", 10, 10));
        clock.advanceMillis(10);
        assertThat(store.clear()).isFalse();
        assertThat(store.entry("a")).isNull();
    }

    @Test
    void putAfterClearIsKept() {
        store.put("key", "old");
        store.clear();
        store.put("key", "new");
        assertThat(store.get("key")).isEqualTo("new");
    }

    @Test
    void nullsAreRejected() {
        assertRejects(() -> store.get(nothing()));
        assertRejects(() -> store.entry(nothing()));
        assertRejects(() -> store.contains(nothing()));
        assertRejects(() -> store.put(nothing(), "value"));
        assertRejects(() -> store.put("key", Entry.of(nothing())));
        assertRejects(() -> store.putIfAbsent(nothing(), Entry.of("value")));
        assertRejects(() -> store.putIfAbsent("key", Entry.of(nothing())));
        assertRejects(() -> store.touch(nothing(), Entry.FOREVER, Entry.FOREVER));
        assertRejects(() -> store.remove(nothing()));
        assertRejects(() -> store.pop(nothing()));
        assertThat(store.size()).isZero();
    }

    private static void assertRejects(Runnable call) {
        assertThatNullPointerException().isThrownBy(call::run);
    }

    @SuppressWarnings("NullAway") // the point of it
    private static <T> T nothing() {
        @Nullable T nothing = null;
        return nothing;
    }

    @Test
    void equalKeysAreTheSameKey() {
        store.put(new String("key"), "value");
        assertThat(store.get(new String("key"))).isEqualTo("value");
    }

    @Test
    void keysWithTheSameHashAreDifferentKeys() {
        assertThat("AaBB".hashCode()).isEqualTo("BBAa".hashCode());
        store.put("AaBB", "1");
        store.put("BBAa", "2");
        store.put("AaAa", "3");
        assertThat(store.get("AaBB")).isEqualTo("1");
        assertThat(store.remove("BBAa")).isTrue();
        assertThat(store.get("BBAa")).isNull();
        assertThat(store.get("AaAa")).isEqualTo("3");
    }

    @Test
    void holdsManyEntries() {
        for (int i = 0; i < 10_000; i++) {
            store.put("key" + i, "value" + i);
        }
        assertThat(store.size()).isEqualTo(10_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(store.get("key" + i)).isEqualTo("value" + i);
        }
    }

    @Test
    void onlyGetAndPopCountReads() {
        store.put("key", "value");
        store.get("key");
        store.get("absent");
        store.entry("key");
        store.contains("absent");
        store.putIfAbsent("key", Entry.of("other"));
        store.touch("key", Entry.FOREVER, Entry.FOREVER);
        store.pop("key");
        store.pop("key");
        StoreStats stats = store.stats();
        assertThat(stats.hits()).isEqualTo(2);
        assertThat(stats.misses()).isEqualTo(2);
        assertThat(stats.hitRatio()).isEqualTo(0.5);
    }

    @Test
    void readOfStaleOrExpiredEntryCountsMiss() {
        store.put("stale", stale("value", 10, 10));
        store.put("expired", fresh("value", 10));
        clock.advanceMillis(10);
        store.get("stale");
        store.get("expired");
        store.pop("stale");
        assertThat(store.stats().hits()).isZero();
        assertThat(store.stats().misses()).isEqualTo(3);
    }

    @Test
    void departuresAreCountedByCause() {
        store.put("replaced", "1");
        store.put("replaced", "2");
        store.putIfAbsent("replaced", Entry.of("3"));
        store.put("removed", "1");
        store.remove("removed");
        store.put("popped", "1");
        store.pop("popped");
        store.put("expired", fresh("1", 10));
        clock.advanceMillis(10);
        store.put("expired", "2");
        store.clear();
        StoreStats stats = store.stats();
        assertThat(stats.puts()).isEqualTo(6);
        assertThat(stats.replaced()).isEqualTo(1);
        assertThat(stats.expired()).isEqualTo(1);
        assertThat(stats.removed()).isEqualTo(4);
        assertThat(stats.evicted()).isZero();
        assertThat(stats.size()).isZero();
    }

    @Test
    void closedStoreMissesAndDropsWrites() {
        store.put("key", "value");
        store.close();
        assertThat(store.get("key")).isNull();
        store.put("key", "value");
        assertThat(store.get("key")).isNull();
        assertThat(store.putIfAbsent("key", Entry.of("value"))).isNull();
        assertThat(store.entry("key")).isNull();
        assertThat(store.remove("key")).isFalse();
        assertThat(store.clear()).isFalse();
        store.close();
    }

    @Test
    void everyStepOfARandomSequenceIsThatOfAMap() {
        Operation.forAllSequences(randomSequences(), 6, sequence -> {
            ManualClock time = new ManualClock();
            try (Store<String, String> tried = open(time, new ManualScheduler())) {
                Operation.compare(sequence, tried, new Model(time, Integer.MAX_VALUE), time);
            }
        });
    }

    /** How many random sequences are tried; less for stores that are slow. */
    protected int randomSequences() {
        return 300;
    }
}
