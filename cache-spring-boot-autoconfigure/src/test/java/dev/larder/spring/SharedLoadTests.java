package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Loads of a key that another process may be loading. */
class SharedLoadTests extends CacheFixture {

    private final TestPause pause = new TestPause(clock);

    @SuppressWarnings("NullAway.Init")
    private HookedStore store;

    private volatile @Nullable String heldBy;

    private volatile @Nullable Object storedWhenGivenBack;

    @Override
    Store<Object, Object> createStore(InstantSource clock) {
        store = new HookedStore(lruStore(clock));
        store.leases = this::lease;
        return store;
    }

    @Override
    LarderCache cacheOver(String name, Store<Object, Object> over) {
        return LarderCache.builder(name, over).clock(clock).pause(pause).build();
    }

    @Test
    void loadHoldsTheLeaseUntilItsResultIsStored() {
        String value = cache.get("k", () -> {
            assertThat(heldBy).isEqualTo("this");
            return "v";
        });

        assertThat(value).isEqualTo("v");
        assertThat(heldBy).isNull();
        assertThat(storedWhenGivenBack).isEqualTo("v");
    }

    @Test
    void loadThatFailsGivesTheLeaseBack() {
        assertThatThrownBy(() -> cache.get("k", RetrieveContract.failing(new IllegalStateException("no"))));

        assertThat(heldBy).isNull();
    }

    @Test
    void whatAnotherProcessLoadedIsTakenAndNotLoadedAgain() {
        heldBy = "other";
        pause.afterSleep = () -> {
            if (pause.slept.size() == 3) {
                store.put("k", Entry.of("theirs"));
            }
        };

        assertThat(cache.get("k", RetrieveContract.<String>failing(new AssertionError("no load is due"))))
                .isEqualTo("theirs");
        assertThat(pause.slept).containsExactly(1L, 2L, 4L);
        assertThat(cache.stats().loadWaits()).isEqualTo(1);
        assertThat(cache.stats().loadSuccesses()).isZero();
        assertThat(heldBy).isEqualTo("other");
    }

    @Test
    void whatWasLoadedBeforeTheLeaseWasGivenBackIsTaken() {
        heldBy = "other";
        pause.afterSleep = () -> {
            store.put("k", Entry.of("theirs"));
            heldBy = null;
        };

        assertThat(cache.get("k", RetrieveContract.<String>failing(new AssertionError("no load is due"))))
                .isEqualTo("theirs");
        assertThat(heldBy).isNull();
    }

    @Test
    void whatWasStoredJustBeforeTheLeaseWasGotIsTaken() {
        store.before = operation -> {
            if (operation.equals("tryBeginLoad")) {
                store.before = ignored -> {};
                store.put("k", Entry.of("theirs"));
            }
        };

        assertThat(cache.get("k", RetrieveContract.<String>failing(new AssertionError("no load is due"))))
                .isEqualTo("theirs");
        assertThat(heldBy).isNull();
    }

    @Test
    void leaseThatIsGivenBackWithoutAValueGoesToTheNext() {
        heldBy = "other";
        pause.afterSleep = () -> heldBy = null;

        assertThat(cache.get("k", () -> "own " + heldBy)).isEqualTo("own this");
        assertThat(cache.stats().loadWaits()).isEqualTo(1);
        assertThat(cache.get("k", String.class)).isEqualTo("own this");
    }

    @Test
    void waitEndsAndTheLoadGoesOnWithoutTheLease() {
        heldBy = "other";
        long start = clock.millis();

        assertThat(cache.get("k", () -> "own")).isEqualTo("own");

        assertThat(clock.millis() - start).isEqualTo(30_000);
        assertThat(pause.slept).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 50L, 50L);
        assertThat(heldBy).isEqualTo("other");
        assertThat(cache.get("k", String.class)).isEqualTo("own");
    }

    @Test
    void waitIsAsLongAsSaid() {
        LarderCache other = LarderCache.builder("other", store)
                .clock(clock)
                .pause(pause)
                .loadWait(Duration.ofMillis(5))
                .build();
        heldBy = "other";

        assertThat(other.get("k", () -> "own")).isEqualTo("own");
        assertThat(pause.slept).containsExactly(1L, 2L, 2L);
    }

    @Test
    void waitBelowAMillisecondIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LarderCache.builder("c", store).loadWait(Duration.ofNanos(1)))
                .withMessageContaining("PT0.000000001S");
    }

    @Test
    void interruptedThreadWaitsOnAndIsInterruptedAfterwards() {
        heldBy = "other";
        pause.afterSleep = () -> {
            if (pause.slept.size() == 1) {
                throw new InterruptedException();
            }
            heldBy = null;
        };

        assertThat(cache.get("k", () -> "own")).isEqualTo("own");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pause.slept).hasSize(2);
    }

    @Test
    void retrieveDoesNotWaitAndTakesWhatAnotherProcessLoaded() {
        heldBy = "other";

        CompletableFuture<String> value = cache.retrieve("k", RetrieveContract.forbidden());
        assertThat(value).isNotDone();
        assertThat(pause.runNext()).isTrue();
        assertThat(value).isNotDone();
        store.put("k", Entry.of("theirs"));
        assertThat(pause.runNext()).isTrue();

        assertThat(value).isCompletedWithValue("theirs");
        assertThat(pause.runNext()).isFalse();
        assertThat(cache.stats().loadWaits()).isEqualTo(1);
    }

    @Test
    void retrieveLoadsWhenTheWaitEnds() {
        heldBy = "other";

        CompletableFuture<String> value = cache.retrieve("k", () -> CompletableFuture.completedFuture("own"));
        while (pause.runNext()) {
            assertThat(heldBy).isEqualTo("other");
        }

        assertThat(value).isCompletedWithValue("own");
        assertThat(cache.get("k", String.class)).isEqualTo("own");
    }

    @Test
    void retrieveThatWaitsMayBeJoinedByItsOwnThread() {
        heldBy = "other";
        CompletableFuture<String> first = cache.retrieve("k", () -> CompletableFuture.completedFuture("own"));

        CompletableFuture<String> second = cache.retrieve("k", RetrieveContract.forbidden());
        heldBy = null;
        pause.runNext();

        assertThat(first).isCompletedWithValue("own");
        assertThat(second).isCompletedWithValue("own");
    }

    @Test
    void supplierThatAsksForItsOwnKeyLaterFailsAtOnce() {
        heldBy = "other";
        CompletableFuture<String> value =
                cache.retrieve("k", () -> cache.retrieve("k", () -> CompletableFuture.completedFuture("v")));
        heldBy = null;
        pause.runNext();

        assertThatThrownBy(value::join)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'k'");
        assertThat(heldBy).isNull();
    }

    @Test
    void errorWhileRetrieveWaitsReachesTheCaller() {
        heldBy = "other";
        CompletableFuture<String> value = cache.retrieve("k", () -> CompletableFuture.completedFuture("v"));
        store.leases = key -> {
            throw new StackOverflowError();
        };
        pause.runNext();

        assertThatThrownBy(value::join).hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void removalDuringALoadFreesTheLease() throws Exception {
        SlowLoad outdated = SlowLoad.of("old");
        Running<@Nullable Object> loading = startLoad("k", outdated);

        cache.evict("k");
        assertThat(heldBy).isNull();
        assertThat(cache.get("k", () -> "new " + heldBy)).isEqualTo("new this");
        outdated.release();

        assertThat(loading.result()).isEqualTo("old");
        assertThat(cache.get("k", String.class)).isEqualTo("new this");
    }

    @Test
    void removalWhileWaitingLetsTheLoadGoOn() {
        AtomicInteger calls = new AtomicInteger();
        heldBy = "other";
        pause.afterSleep = () -> cache.evict("k");

        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);
        assertThat(pause.slept).hasSize(1);
        assertThat(cache.contains("k")).isFalse();
    }

    @Test
    void realPauseEndsTheWait() {
        LarderCache real = LarderCache.builder("real", store)
                .clock(InstantSource.system())
                .loadWait(Duration.ofMillis(3))
                .build();
        heldBy = "other";

        assertThat(real.get("a", () -> "own")).isEqualTo("own");
        assertThat(real.retrieve(
                                "b",
                                () -> CompletableFuture.completedFuture(
                                        Thread.currentThread().getContextClassLoader()))
                        .join())
                .isSameAs(Thread.currentThread().getContextClassLoader());
    }

    /** One lease for all keys, which the test may say another process has. */
    private @Nullable LoadLease lease(Object key) {
        if (heldBy != null) {
            return null;
        }
        heldBy = "this";
        return new LoadLease() {
            @Override
            public boolean lookAgain() {
                return true;
            }

            @Override
            public void close() {
                Entry<Object> entry = store.entry(key);
                storedWhenGivenBack = entry == null ? null : entry.value();
                heldBy = null;
            }
        };
    }
}
