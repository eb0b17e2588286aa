package dev.larder.caffeine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.Entry;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import dev.larder.store.contract.StoreContract;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CaffeineStoreTests extends StoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return CaffeineStore.<String, String>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    private CaffeineStore<String, String> weighed(long maxWeight) {
        return CaffeineStore.<String, String>builder()
                .maxWeight(maxWeight, (key, value) -> value.length())
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    @Test
    void boundByEntriesHoldsAndEvictionsAreCounted() {
        Store<String, String> small =
                CaffeineStore.<String, String>builder().maxEntries(10).build();
        for (int i = 0; i < 100; i++) {
            small.put("key" + i, "value");
        }
        assertThat(small.size()).isEqualTo(10);
        assertThat(small.stats().evicted()).isEqualTo(90);
        assertThat(small.stats().weight()).isZero();
    }

    @Test
    void boundByWeightHoldsAndAddsUp() {
        Store<String, String> small = weighed(100);
        for (int i = 0; i < 100; i++) {
            small.put("key" + i, "1234567");
            small.put("key" + i / 2, "12");
        }
        StoreStats stats = small.stats();
        assertThat(stats.weight()).isPositive().isLessThanOrEqualTo(100);
        assertThat(stats.puts() - stats.replaced() - stats.removed() - stats.expired() - stats.evicted())
                .isEqualTo(stats.size());
        assertThat(stats.evicted()).isPositive();
    }

    @Test
    void entryHeavierThanTheBoundIsNotKeptAndRemovesWhatWasThere() {
        Store<String, String> small = weighed(3);
        small.put("key", "123");
        small.put("key", "1234");
        assertThat(small.get("key")).isNull();
        assertThat(small.putIfAbsent("key", Entry.of("1234"))).isNull();
        assertThat(small.get("key")).isNull();
        StoreStats stats = small.stats();
        assertThat(stats.puts()).isEqualTo(3);
        assertThat(stats.replaced()).isEqualTo(1);
        assertThat(stats.evicted()).isEqualTo(2);
        assertThat(stats.size()).isZero();
    }

    @Test
    void weigherIsCalledOncePerWriteAndNotWhenTouched() {
        AtomicInteger calls = new AtomicInteger();
        Store<String, String> small = CaffeineStore.<String, String>builder()
                .maxWeight(100, (key, value) -> calls.incrementAndGet())
                .build();
        small.put("key", "value");
        small.touch("key", Entry.FOREVER, Entry.FOREVER);
        small.get("key");
        assertThat(calls).hasValue(1);
        small.put("key", "value");
        assertThat(calls).hasValue(2);
        assertThat(small.stats().weight()).isEqualTo(2);
    }

    @Test
    void negativeWeightIsRefused() {
        Store<String, String> small = CaffeineStore.<String, String>builder()
                .maxWeight(100, (key, value) -> -1)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.put("key", "value"))
                .withMessageContaining("-1")
                .withMessageContaining("key");
    }

    @Test
    void looksAreNoUses() {
        Store<String, String> small =
                CaffeineStore.<String, String>builder().maxEntries(2).build();
        small.put("used", "value");
        for (int i = 0; i < 10; i++) {
            small.get("used");
        }
        small.put("looked at", "value");
        for (int i = 0; i < 50; i++) {
            small.entry("looked at");
            small.contains("looked at");
        }
        for (int i = 0; i < 20; i++) {
            small.put("key" + i, "value");
        }
        assertThat(small.contains("used")).isTrue();
        assertThat(small.contains("looked at")).isFalse();
    }

    @Test
    void expiredEntriesLeaveByThemselves() {
        store.put("short", fresh("value", 10));
        store.put("long", fresh("value", MINUTE));
        clock.advanceMillis(3000);
        scheduler.runAll();
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.stats().expired()).isEqualTo(1);
    }

    @Test
    void sweepEndsWithTheLastEntryAndStartsAgain() {
        store.put("key", fresh("value", 10));
        assertThat(scheduler.tasks()).isEqualTo(1);
        clock.advanceMillis(3000);
        scheduler.runAll();
        assertThat(scheduler.tasks()).isZero();
        store.put("key", fresh("value", 10));
        assertThat(scheduler.tasks()).isEqualTo(1);
    }

    @Test
    void entriesWithoutEndNeedNoSweep() {
        store.put("key", "value");
        assertThat(scheduler.tasks()).isZero();
    }

    @Test
    void entryOfTheFarFutureIsKept() {
        store.put("key", Entry.of("value", Entry.FOREVER - 1));
        clock.advanceMillis(100 * 365 * 24 * 60 * MINUTE);
        assertThat(store.get("key")).isEqualTo("value");
    }

    @Test
    void builderWantsExactlyOnePositiveBound() {
        assertThatIllegalStateException()
                .isThrownBy(() -> CaffeineStore.builder().build())
                .withMessageContaining("maxEntries or maxWeight");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaffeineStore.builder().maxEntries(0))
                .withMessage("maxEntries must be 1 or more, but was 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> CaffeineStore.builder().maxEntries(1).maxWeight(1, (key, value) -> 1))
                .withMessageContaining("maxWeight = 1");
    }
}
