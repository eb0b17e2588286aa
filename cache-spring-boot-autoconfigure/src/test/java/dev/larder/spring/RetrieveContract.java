package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.support.SimpleValueWrapper;

/** What futures of a {@link LarderCache} do, over any store. */
abstract class RetrieveContract extends CacheFixture {

    static <T> Supplier<CompletableFuture<T>> forbidden() {
        return () -> {
            throw new AssertionError("No load was due");
        };
    }

    @Test
    void retrieveOfAnAbsentKeyIsNull() {
        assertThat(cache.retrieve("k")).isNull();
    }

    @Test
    void retrieveOfAValueIsACompletedWrapper() {
        cache.put("k", "v");

        assertThat(cache.retrieve("k").getNow(null)).isEqualTo(new SimpleValueWrapper("v"));
    }

    @Test
    void retrieveOfANullValueIsACompletedWrapperOfNull() {
        cache.put("k", null);

        assertThat(cache.retrieve("k").getNow(null)).isEqualTo(new SimpleValueWrapper(null));
    }

    @Test
    void retrieveWithSupplierReturnsWhatIsThere() {
        cache.put("k", "v");
        cache.put("null", null);

        assertThat(cache.retrieve("k", forbidden())).isCompletedWithValue("v");
        assertThat(cache.retrieve("null", forbidden())).isCompletedWithValue(null);
    }

    @Test
    void retrieveWithSupplierDoesNotWaitAndStoresTheResult() {
        CompletableFuture<String> source = new CompletableFuture<>();

        CompletableFuture<String> value = cache.retrieve("k", () -> source);
        assertThat(value).isNotDone();
        source.complete("v");

        assertThat(value).isCompletedWithValue("v");
        assertThat(cache.get("k", String.class)).isEqualTo("v");
        assertThat(cache.stats().loadSuccesses()).isEqualTo(1);
    }

    @Test
    void retrieveOfAFutureOfNullStoresNull() {
        assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture(null)))
                .isCompletedWithValue(null);
        assertThat(cache.get("k")).isEqualTo(new SimpleValueWrapper(null));
    }

    @Test
    void retrievesOfOneKeyShareOneLoad() {
        CompletableFuture<String> source = new CompletableFuture<>();

        CompletableFuture<String> first = cache.retrieve("k", () -> source);
        CompletableFuture<String> second = cache.retrieve("k", forbidden());
        source.complete("v");

        assertThat(first).isNotSameAs(second).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
    }

    @Test
    void getWithLoaderJoinsTheLoadOfARetrieve() throws Exception {
        CompletableFuture<Object> source = new CompletableFuture<>();
        cache.retrieve("k", () -> source);

        Running<Object> waiter = start(() -> cache.get("k", failing(new AssertionError("joins"))));
        waiter.awaitBlocked();
        source.complete("v");

        assertThat(waiter.result()).isEqualTo("v");
    }

    @Test
    void retrieveJoinsTheLoadOfAGetWithLoaderAndDoesNotWait() throws Exception {
        SlowLoad load = SlowLoad.of("v");
        Running<Object> loading = startLoad("k", load);

        CompletableFuture<Object> value = cache.retrieve("k", forbidden());
        assertThat(value).isNotDone();
        load.release();

        assertThat(loading.result()).isEqualTo("v");
        assertThat(value.get()).isEqualTo("v");
    }

    @Test
    void cancellingAFutureLeavesTheLoadAndOtherCallersAlone() {
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> first = cache.retrieve("k", () -> source);
        CompletableFuture<String> second = cache.retrieve("k", () -> source);

        first.cancel(true);
        assertThat(source).isNotDone();
        assertThat(second).isNotDone();
        source.complete("v");

        assertThat(second).isCompletedWithValue("v");
        assertThat(cache.get("k", String.class)).isEqualTo("v");
    }

    @Test
    void supplierThatThrowsGivesAFutureThatFailsWithWhatItThrew() {
        IllegalStateException failure = new IllegalStateException("broken");

        CompletableFuture<Object> value = cache.retrieve("k", () -> {
            throw failure;
        });

        assertFailedWith(value, failure);
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void supplierThatThrowsAnErrorGivesAFutureThatFailsWithIt() {
        AssertionError failure = new AssertionError("broken");

        assertFailedWith(
                cache.retrieve("k", () -> {
                    throw failure;
                }),
                failure);
    }

    @Test
    @SuppressWarnings("NullAway")
    void supplierThatReturnsNullGivesAFailedFutureThatNamesTheCache() {
        assertThatThrownBy(() -> cache.retrieve("k", () -> null).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'things'");
    }

    @Test
    void futureThatFailsIsPassedOnWithItsCauseAndNothingIsStored() {
        IOException failure = new IOException("broken");
        CompletableFuture<Object> source = new CompletableFuture<>();

        CompletableFuture<Object> first = cache.retrieve("k", () -> source);
        CompletableFuture<Object> second = cache.retrieve("k", forbidden());
        source.completeExceptionally(failure);

        assertFailedWith(first, failure);
        assertFailedWith(second, failure);
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("again")))
                .isCompletedWithValue("again");
    }

    @Test
    void futureThatFailsInALaterStageIsPassedOnWithItsCauseUnwrapped() {
        IOException failure = new IOException("broken");

        assertFailedWith(
                cache.retrieve(
                        "k", () -> CompletableFuture.failedFuture(failure).thenApply(value -> value)),
                failure);
    }

    @Test
    void futureThatIsCancelledCancelsItsCallers() {
        CompletableFuture<Object> source = new CompletableFuture<>();
        CompletableFuture<Object> value = cache.retrieve("k", () -> source);

        source.cancel(true);

        assertThatThrownBy(value::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void getWithLoaderThatWaitsForAFutureThatFailsHasItsDirectCause() {
        IOException failure = new IOException("broken");
        CompletableFuture<Object> source = new CompletableFuture<>();
        cache.retrieve("k", () -> source);

        Running<Object> waiter = start(() -> cache.get("k", failing(new AssertionError("joins"))));
        waiter.awaitBlocked();
        source.completeExceptionally(failure);

        assertThatThrownBy(waiter::result)
                .cause()
                .isInstanceOf(ValueRetrievalException.class)
                .hasCause(failure);
    }

    @Test
    void evictDuringARetrieveWinsAndTheNextRetrieveLoadsAnew() {
        CompletableFuture<String> outdated = new CompletableFuture<>();
        CompletableFuture<String> current = new CompletableFuture<>();
        CompletableFuture<String> first = cache.retrieve("k", () -> outdated);

        cache.evict("k");
        CompletableFuture<String> second = cache.retrieve("k", () -> current);
        outdated.complete("old");
        assertThat(first).isCompletedWithValue("old");
        assertThat(second).isNotDone();
        assertThat(cache.contains("k")).isFalse();
        current.complete("new");

        assertThat(second).isCompletedWithValue("new");
        assertThat(cache.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void retrieveOfAKeyInItsOwnSupplierFailsAtOnce() {
        assertThatThrownBy(() -> cache.retrieve("k", () -> cache.retrieve("k", forbidden()))
                        .get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'k'")
                .hasMessageContaining("'things'");
    }

    @Test
    void retrieveOfAKeyThatWaitsForThisThreadLoadsOnItsOwn() throws Exception {
        CountDownLatch aboutToWait = new CountDownLatch(1);
        SlowLoad other = new SlowLoad(() -> {
            aboutToWait.countDown();
            return cache.get("a", failing(new AssertionError("joins")));
        });
        Running<Object> loading = startLoad("b", other);

        Object value = cache.get("a", () -> {
            other.release();
            aboutToWait.await();
            loading.awaitBlocked();
            return cache.retrieve("b", () -> CompletableFuture.completedFuture("own b"))
                    .join();
        });

        assertThat(value).isEqualTo("own b");
        assertThat(loading.result()).isEqualTo("own b");
    }

    @Test
    @SuppressWarnings("NullAway")
    void retrieveOfNullKeyIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> cache.retrieve(null));
        assertThatNullPointerException().isThrownBy(() -> cache.retrieve(null, forbidden()));
    }

    static <T> Callable<T> failing(Throwable failure) {
        return () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }

    /** What the future itself holds, not what its getters make of it. */
    private static void assertFailedWith(CompletableFuture<?> future, Throwable failure) {
        Throwable held = future.handle((value, ex) -> ex).join();
        assertThat(held).isSameAs(failure);
    }
}
