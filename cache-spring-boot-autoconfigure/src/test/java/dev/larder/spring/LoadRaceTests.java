package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.store.Store;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Races between loads and writes, each made to happen by a hook in the store. */
class LoadRaceTests extends CacheFixture {

    @SuppressWarnings("NullAway.Init")
    private HookedStore store;

    @Override
    Store<Object, Object> createStore(InstantSource clock) {
        store = new HookedStore(lruStore(clock));
        return store;
    }

    @Test
    void loadThatLandsBetweenMissAndTakeOffIsNotRepeated() {
        store.after = once("get", () -> cache.get("k", () -> "first"));

        assertThat(cache.get("k", () -> "second")).isEqualTo("first");
        assertThat(cache.stats().loadSuccesses()).isEqualTo(1);
    }

    @Test
    void loadThatLandsBetweenMissAndTakeOffOfARetrieveIsNotRepeated() {
        store.after = once("get", () -> cache.get("k", () -> "first"));

        assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("second")))
                .isCompletedWithValue("first");
        assertThat(cache.stats().loadSuccesses()).isEqualTo(1);
    }

    @Test
    void putIsNotReplacedByALoadThatBeganWhileItWasOnItsWay() throws Exception {
        SlowLoad load = SlowLoad.of("loaded");
        CompletableFuture<Running<@Nullable Object>> loading = new CompletableFuture<>();
        store.before = once("put", () -> {
            try {
                loading.complete(startLoad("k", load));
            } catch (InterruptedException ex) {
                loading.completeExceptionally(ex);
            }
        });

        cache.put("k", "put");
        load.release();

        assertThat(loading.get().result()).isEqualTo("loaded");
        assertThat(cache.get("k", String.class)).isEqualTo("put");
    }

    @Test
    void evictWaitsForALoadThatIsJustBeingStored() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        store.before = once("putIfAbsent", () -> {
            storing.countDown();
            awaitUninterruptibly(goOn);
        });
        Running<@Nullable Object> loading = start(() -> cache.get("k", () -> "loaded"));
        storing.await();
        Running<Boolean> evicting = start(() -> cache.evictIfPresent("k"));

        evicting.awaitBlocked();
        goOn.countDown();

        assertThat(evicting.result()).isTrue();
        assertThat(loading.result()).isEqualTo("loaded");
        assertThat(cache.contains("k")).isFalse();
    }

    @Test
    void errorWhileStoringALoadedValueStillWakesTheWaiters() throws Exception {
        SlowLoad load = SlowLoad.of("v");
        store.before = once("putIfAbsent", () -> {
            throw new StackOverflowError();
        });
        Running<@Nullable Object> loading = startLoad("k", load);
        Running<@Nullable Object> waiter = start(() -> cache.get("k", load)).awaitBlocked();

        load.release();

        assertThat(waiter.result()).isEqualTo("v");
        assertThatThrownBy(loading::result).hasCauseInstanceOf(StackOverflowError.class);
    }

    private static Consumer<String> once(String operation, Runnable action) {
        AtomicBoolean due = new AtomicBoolean(true);
        return actual -> {
            if (actual.equals(operation) && due.getAndSet(false)) {
                action.run();
            }
        };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }
}
