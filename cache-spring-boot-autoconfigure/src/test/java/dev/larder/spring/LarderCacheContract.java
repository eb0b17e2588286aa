package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.support.SimpleValueWrapper;

/** What a {@link LarderCache} does over any store. */
abstract class LarderCacheContract extends LoadConflictContract {

    @Test
    void nameAndNativeCacheAreWhatItWasBuiltWith() {
        Store<Object, Object> store = createStore(clock);
        LarderCache other = cacheOver("other", store);

        assertThat(other.getName()).isEqualTo("other");
        assertThat(other.getNativeCache()).isSameAs(store);
        other.close();
    }

    @Test
    void getOfAnAbsentKeyIsNull() {
        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("k", String.class)).isNull();
        assertThat(cache.get("k", (Class<?>) null)).isNull();
    }

    @Test
    void putThenGetReturnsTheValue() {
        cache.put("k", "v");

        assertThat(cache.get("k")).isEqualTo(new SimpleValueWrapper("v"));
        assertThat(cache.get("k", String.class)).isEqualTo("v");
        assertThat(cache.get("k", CharSequence.class)).isEqualTo("v");
        assertThat(cache.get("k", (Class<?>) null)).isEqualTo("v");
    }

    @Test
    void getWithAnotherTypeThanTheValuesFails() {
        cache.put("k", "v");

        assertThatIllegalStateException()
                .isThrownBy(() -> cache.get("k", Integer.class))
                .withMessageContaining("java.lang.Integer")
                .withMessageContaining("java.lang.String");
    }

    @Test
    void nullValueIsAValue() {
        cache.put("k", null);

        assertThat(cache.get("k")).isEqualTo(new SimpleValueWrapper(null));
        assertThat(cache.get("k", Integer.class)).isNull();
        assertThat(cache.<Object>get("k", failing(new AssertionError("no load is due"))))
                .isNull();
        assertThat(cache.contains("k")).isTrue();
        assertThat(cache.putIfAbsent("k", "v")).isEqualTo(new SimpleValueWrapper(null));
        Entry<@Nullable Object> entry = cache.entry("k");
        assertThat(entry).isNotNull();
        assertThat(entry.value()).isNull();
        assertThat(cache.pop("k")).isEqualTo(new SimpleValueWrapper(null));
        assertThat(cache.contains("k")).isFalse();
    }

    @Test
    void putReplaces() {
        cache.put("k", "old");
        cache.put("k", "new");

        assertThat(cache.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void putIfAbsentPutsOnceAndReturnsWhatIsThere() {
        assertThat(cache.putIfAbsent("k", "first")).isNull();
        assertThat(cache.putIfAbsent("k", "second")).isEqualTo(new SimpleValueWrapper("first"));
        assertThat(cache.putIfAbsent("null", null)).isNull();

        assertThat(cache.get("k", String.class)).isEqualTo("first");
        assertThat(cache.get("null")).isEqualTo(new SimpleValueWrapper(null));
    }

    @Test
    void putIfAbsentReplacesAnExpiredValue() {
        cache.put("k", "old");
        clock.advance(TTL);

        assertThat(cache.putIfAbsent("k", "new")).isNull();
        assertThat(cache.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void evictRemovesAtOnce() {
        cache.put("k", "v");
        cache.put("other", "v");

        cache.evict("k");

        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("other")).isNotNull();
    }

    @Test
    void evictIfPresentSaysWhetherAFreshEntryWasThere() {
        cache.put("k", "v");
        cache.put("null", null);
        cache.put("expired", "v", Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));

        assertThat(cache.evictIfPresent("k")).isTrue();
        assertThat(cache.evictIfPresent("k")).isFalse();
        assertThat(cache.evictIfPresent("null")).isTrue();
        assertThat(cache.evictIfPresent("expired")).isFalse();
    }

    @Test
    void clearRemovesEverythingAtOnce() {
        cache.put("a", "v");
        cache.put("b", null);

        cache.clear();

        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("b")).isNull();
    }

    @Test
    void invalidateSaysWhetherAFreshEntryWasThere() {
        assertThat(cache.invalidate()).isFalse();
        cache.put("k", "v");
        assertThat(cache.invalidate()).isTrue();
        assertThat(cache.invalidate()).isFalse();
        cache.put("k", "v");
        clock.advance(TTL);
        assertThat(cache.invalidate()).isFalse();
    }

    @Test
    void popReturnsTheValueOnce() {
        cache.put("k", "v");

        assertThat(cache.pop("k")).isEqualTo(new SimpleValueWrapper("v"));
        assertThat(cache.pop("k")).isNull();
    }

    @Test
    void getAfterExpiryMisses() {
        cache.put("k", "v");

        clock.advance(TTL.minusMillis(1));
        assertThat(cache.get("k")).isNotNull();
        assertThat(cache.contains("k")).isTrue();
        clock.advance(Duration.ofMillis(1));

        assertThat(cache.get("k")).isNull();
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.entry("k")).isNull();
    }

    @Test
    void cacheWithoutLifeTimeKeepsForever() {
        LarderCache endless =
                LarderCache.builder("endless", createStore(clock)).clock(clock).build();
        endless.put("k", "v");

        clock.advance(Duration.ofDays(100_000));

        assertThat(endless.get("k", String.class)).isEqualTo("v");
        assertThat(endless.entry("k")).isEqualTo(Entry.of("v"));
        endless.close();
    }

    @Test
    void putWithLifeOutlivesOthers() {
        cache.put("k", "v", TTL.multipliedBy(2));

        clock.advance(TTL);
        assertThat(cache.get("k")).isNotNull();
        clock.advance(TTL);

        assertThat(cache.get("k")).isNull();
    }

    @Test
    void lifeBelowAMillisecondCountsAsOne() {
        cache.put("k", "v", Duration.ofNanos(1));
        assertThat(cache.get("k")).isNotNull();

        clock.advance(Duration.ofMillis(1));

        assertThat(cache.get("k")).isNull();
    }

    @Test
    void lifeWithoutRoomInMillisecondsIsEndless() {
        cache.put("k", "v", Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(cache.entry("k")).isEqualTo(Entry.of("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void lifeThatIsNotPositiveIsRefusedByName(Duration life) {
        cache.put("k", "v");

        for (Runnable action : List.<Runnable>of(
                () -> cache.put("k", "new", life),
                () -> cache.touch("k", life),
                () -> LarderCache.builder("c", cache.getNativeCache()).ttl(life).build())) {
            assertThatIllegalArgumentException().isThrownBy(action::run).withMessageContaining(life.toString());
        }
        assertThat(cache.get("k", String.class)).isEqualTo("v");
    }

    @Test
    void entryShowsTheLife() {
        cache.put("k", "v");

        assertThat(cache.entry("k")).isEqualTo(Entry.of("v", clock.millis() + TTL.toMillis()));
        assertThat(cache.entry("absent")).isNull();
    }

    @Test
    void staleEntryIsShownAndLoadedAnew() {
        Entry<Object> stale = new Entry<>("stale", clock.millis(), clock.millis() + 1, null);
        cache.getNativeCache().put("k", stale);

        assertThat(cache.get("k")).isNull();
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.entry("k")).isEqualTo(stale);
        assertThat(cache.get("k", () -> "new")).isEqualTo("new");
        assertThat(cache.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void touchGivesANewLifeAndLeavesTheValue() {
        cache.put("k", "v");
        clock.advance(TTL.minusMillis(1));

        assertThat(cache.touch("k", TTL)).isTrue();
        clock.advance(TTL.minusMillis(1));

        assertThat(cache.get("k", String.class)).isEqualTo("v");
        assertThat(cache.touch("absent", TTL)).isFalse();
    }

    @Test
    void onlyReadsCount() {
        cache.put("k", "v");
        cache.contains("k");
        cache.entry("k");
        cache.touch("k", TTL);
        cache.putIfAbsent("k", "w");
        assertThat(cache.stats().store().hits()).isZero();
        assertThat(cache.stats().store().misses()).isZero();

        cache.get("k");
        cache.get("k", String.class);
        cache.get("k", () -> "w");
        cache.retrieve("k");
        cache.pop("k");
        assertThat(cache.stats().store().hits()).isEqualTo(5);
        assertThat(cache.stats().store().misses()).isZero();
        cache.get("k", () -> "w");

        assertThat(cache.stats().store().misses()).isEqualTo(1);
        assertThat(cache.stats().store().puts()).isEqualTo(2);
        assertThat(cache.stats().failures()).isZero();
    }

    @Test
    void closedCacheMissesAndDrops() {
        cache.put("k", "v");

        cache.close();
        cache.put("k", "v");

        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("k", () -> "loaded")).isEqualTo("loaded");
        cache.close();
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullKeyIsRefused() {
        for (Runnable action : List.<Runnable>of(
                () -> cache.get(null),
                () -> cache.get(null, String.class),
                () -> cache.put(null, "v"),
                () -> cache.put(null, "v", TTL),
                () -> cache.putIfAbsent(null, "v"),
                () -> cache.evict(null),
                () -> cache.evictIfPresent(null),
                () -> cache.pop(null),
                () -> cache.contains(null),
                () -> cache.entry(null),
                () -> cache.touch(null, TTL))) {
            assertThatNullPointerException().isThrownBy(action::run).withMessage("key");
        }
    }
}
