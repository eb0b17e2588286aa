package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache.ValueRetrievalException;

/** What loads of a {@link LarderCache} and writes, and loads and other loads, do to each other, over any store. */
abstract class LoadConflictContract extends LoadContract {

    /** Writes that win over a load; afterwards the key has no value. */
    static Stream<Named<Consumer<LarderCache>>> removals() {
        return Stream.of(
                Named.of("evict", cache -> cache.evict("k")),
                Named.of("evictIfPresent", cache -> cache.evictIfPresent("k")),
                Named.of("pop", cache -> cache.pop("k")),
                Named.of("clear", LarderCache::clear),
                Named.of("invalidate", LarderCache::invalidate));
    }

    /** Writes that win over a load; afterwards the value is "put". */
    static Stream<Named<Consumer<LarderCache>>> puts() {
        return Stream.of(
                Named.of("put", cache -> cache.put("k", "put")),
                Named.of("put with life", cache -> cache.put("k", "put", TTL)),
                Named.of("putIfAbsent", cache -> cache.putIfAbsent("k", "put")));
    }

    @ParameterizedTest
    @MethodSource("removals")
    void removalDuringALoadWinsAndTheNextGetLoadsAnew(Consumer<LarderCache> removal) throws Exception {
        SlowLoad outdated = SlowLoad.of("old");
        SlowLoad current = SlowLoad.of("new");
        Running<@Nullable Object> first = startLoad("k", outdated);
        Running<@Nullable Object> joined = start(() -> cache.get("k", outdated)).awaitBlocked();

        removal.accept(cache);
        Running<@Nullable Object> second = startLoad("k", current);
        outdated.release();

        assertThat(first.result()).isEqualTo("old");
        assertThat(joined.result()).isEqualTo("old");
        assertThat(cache.contains("k")).isFalse();
        current.release();
        assertThat(second.result()).isEqualTo("new");
        assertThat(cache.get("k", String.class)).isEqualTo("new");
        assertThat(cache.stats().loadSuccesses()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("puts")
    void putDuringALoadWins(Consumer<LarderCache> put) throws Exception {
        SlowLoad load = SlowLoad.of("loaded");
        Running<@Nullable Object> loading = startLoad("k", load);

        put.accept(cache);
        load.release();

        assertThat(loading.result()).isEqualTo("loaded");
        assertThat(cache.get("k", String.class)).isEqualTo("put");
    }

    @Test
    void putThatLeftAgainDuringALoadStillWins() throws Exception {
        SlowLoad load = SlowLoad.of("loaded");
        Running<@Nullable Object> loading = startLoad("k", load);

        cache.putIfAbsent("k", "put");
        clock.advance(TTL);
        load.release();

        assertThat(loading.result()).isEqualTo("loaded");
        assertThat(cache.contains("k")).isFalse();
    }

    @Test
    void writeToAnotherKeyDuringALoadDoesNotKeepItFromBeingStored() throws Exception {
        SlowLoad load = SlowLoad.of("loaded");
        Running<@Nullable Object> loading = startLoad("k", load);

        cache.put("other", "put");
        cache.evict("another");
        load.release();

        assertThat(loading.result()).isEqualTo("loaded");
        assertThat(cache.get("k", String.class)).isEqualTo("loaded");
    }

    @Test
    void loadOfAKeyInItsOwnLoaderFailsAtOnceAndNamesCacheAndKey() {
        assertThatThrownBy(() -> cache.get("k", () -> cache.get("k", () -> "v")))
                .isInstanceOf(ValueRetrievalException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'k'")
                .hasMessageContaining("'things'");
        assertThat(cache.get("k", () -> "again")).isEqualTo("again");
    }

    @Test
    void loadOfAKeyInItsOwnLoaderByWayOfAnotherKeyFailsAtOnce() {
        assertThatThrownBy(() -> cache.get("a", () -> cache.get("b", () -> cache.get("a", () -> "v"))))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void loaderMayLoadOtherKeysAndUseOtherCaches() {
        LarderCache other = cacheOver("other", createStore(clock));

        Object value = cache.get("k", () -> cache.get("k2", () -> 20) + other.get("k", () -> 1));

        assertThat(value).isEqualTo(21);
        assertThat(cache.get("k2", Integer.class)).isEqualTo(20);
        assertThat(other.get("k", Integer.class)).isEqualTo(1);
        other.close();
    }

    @Test
    void threadsWhoseLoadersNeedEachOthersKeysDoNotWaitForEver() throws Exception {
        LarderCache other = cacheOver("other", createStore(clock));
        CyclicBarrier both = new CyclicBarrier(2);
        Running<@Nullable Object> first = start(() -> cache.get("a", () -> {
            both.await();
            return "1" + other.get("b", () -> "b");
        }));
        Running<@Nullable Object> second = start(() -> other.get("b", () -> {
            both.await();
            return "2" + cache.get("a", () -> "a");
        }));

        assertThat(first.result()).isIn("1b", "12a");
        assertThat(second.result()).isIn("2a", "21b");
        other.close();
    }

    @Test
    void circleOfThreeThreadsDoesNotWaitForEver() throws Exception {
        CyclicBarrier all = new CyclicBarrier(3);
        List<Running<@Nullable Object>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int own = i;
            threads.add(start(() -> cache.get(own, () -> {
                all.await();
                return cache.get((own + 1) % 3, () -> "alone");
            })));
        }

        for (Running<@Nullable Object> thread : threads) {
            assertThat(thread.result()).isEqualTo("alone");
        }
    }
}
