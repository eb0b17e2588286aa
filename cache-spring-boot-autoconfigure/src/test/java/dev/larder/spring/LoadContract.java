package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.support.SimpleValueWrapper;

/** What loads of a {@link LarderCache} do, over any store. */
abstract class LoadContract extends RetrieveContract {

    @Test
    void getWithLoaderLoadsOnceAndStores() {
        AtomicInteger calls = new AtomicInteger();

        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);

        assertThat(cache.stats().loadSuccesses()).isEqualTo(1);
        assertThat(cache.stats().loadFailures()).isZero();
        assertThat(cache.stats().loadNanos()).isPositive();
    }

    @Test
    void getWithLoaderStoresNull() {
        AtomicInteger calls = new AtomicInteger();

        for (int i = 0; i < 2; i++) {
            assertThat(cache.<@Nullable Object>get("k", () -> {
                        calls.incrementAndGet();
                        return null;
                    }))
                    .isNull();
        }

        assertThat(calls).hasValue(1);
        assertThat(cache.get("k")).isEqualTo(new SimpleValueWrapper(null));
    }

    @Test
    void loadedValueExpires() {
        cache.get("k", () -> "v");

        clock.advance(TTL);

        assertThat(cache.get("k", () -> "again")).isEqualTo("again");
    }

    @Test
    void sixteenThreadsShareOneLoad() throws Exception {
        SlowLoad load = SlowLoad.of("v");
        List<Running<@Nullable Object>> all = new ArrayList<>();
        all.add(startLoad("k", load));
        for (int i = 1; i < 16; i++) {
            all.add(start(() -> cache.get("k", load)));
        }

        for (Running<@Nullable Object> thread : all) {
            thread.awaitBlocked();
        }
        load.release();

        for (Running<@Nullable Object> thread : all) {
            assertThat(thread.result()).isEqualTo("v");
        }
        assertThat(load.calls()).isEqualTo(1);
        assertThat(cache.stats().loadSuccesses()).isEqualTo(1);
    }

    @Test
    void loadsOfDifferentKeysRunAtTheSameTime() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Running<Integer> a = start(() -> cache.get("a", both::await));
        Running<Integer> b = start(() -> cache.get("b", both::await));

        assertThat(List.of(a.result(), b.result())).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aThousandVirtualThreadsShareOneLoad() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch arrived = new CountDownLatch(1000);
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            results.add(threads.submit(() -> {
                arrived.countDown();
                return cache.get("k", () -> {
                    arrived.await();
                    return calls.incrementAndGet();
                });
            }));
        }

        for (Future<Integer> result : results) {
            assertThat(result.get()).isEqualTo(1);
        }
        threads.shutdown();
    }

    @Test
    void waiterInAForkJoinPoolLeavesItARunningThread() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            SlowLoad load =
                    new SlowLoad(() -> pool.submit(() -> "from the pool").get());
            Running<@Nullable Object> loading = startLoad("k", load);
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            Future<@Nullable Object> waiter = pool.submit(() -> {
                worker.complete(Thread.currentThread());
                return cache.get("k", load);
            });
            awaitBlocked(worker.get());
            load.release();

            assertThat(loading.result()).isEqualTo("from the pool");
            assertThat(waiter.get()).isEqualTo("from the pool");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void waiterInAForkJoinPoolWithoutASpareThreadWaitsAllTheSame() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(
                1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1, 1, null, 1, TimeUnit.SECONDS);
        try {
            SlowLoad load = SlowLoad.of("v");
            startLoad("k", load);
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            Future<@Nullable Object> waiter = pool.submit(() -> {
                worker.complete(Thread.currentThread());
                return cache.get("k", load);
            });
            awaitBlocked(worker.get());
            load.release();

            assertThat(waiter.get()).isEqualTo("v");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void loaderExceptionIsTheDirectCauseForAllCallersAndNothingIsStored() throws Exception {
        IOException failure = new IOException("broken");
        SlowLoad load = new SlowLoad(failing(failure));
        Running<@Nullable Object> loading = startLoad("k", load);
        Running<@Nullable Object> waiter = start(() -> cache.get("k", load)).awaitBlocked();

        load.release();

        ValueRetrievalException thrown = retrievalException(loading);
        ValueRetrievalException thrownToWaiter = retrievalException(waiter);
        assertThat(thrown).isNotSameAs(thrownToWaiter).hasCause(failure);
        assertThat(thrownToWaiter).hasCause(failure);
        assertThat(thrownToWaiter.getKey()).isEqualTo("k");
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(cache.get("k", () -> "again")).isEqualTo("again");
    }

    @Test
    void loaderErrorIsThrownAsItIsAndIsTheCauseForWaiters() throws Exception {
        AssertionError failure = new AssertionError("broken");
        SlowLoad load = new SlowLoad(failing(failure));
        Running<@Nullable Object> loading = startLoad("k", load);
        Running<@Nullable Object> waiter = start(() -> cache.get("k", load)).awaitBlocked();

        load.release();

        assertThatThrownBy(loading::result).cause().isSameAs(failure);
        assertThat(retrievalException(waiter)).hasCause(failure);
        assertThat(cache.get("k", () -> "again")).isEqualTo("again");
    }

    @Test
    void interruptedWaiterWaitsOnAndIsInterruptedAfterwards() throws Exception {
        SlowLoad load = SlowLoad.of("v");
        startLoad("k", load);
        Running<Object> waiter = start(() -> {
            Thread.currentThread().interrupt();
            return cache.get("k", load) + " " + Thread.interrupted();
        });

        waiter.awaitBlocked();
        load.release();

        assertThat(waiter.result()).isEqualTo("v true");
    }

    @Test
    @SuppressWarnings("NullAway")
    void getWithLoaderOfNullKeyIsRefusedBeforeTheLoaderRuns() {
        assertThatNullPointerException().isThrownBy(() -> cache.get(null, failing(new AssertionError("runs"))));
    }

    private static ValueRetrievalException retrievalException(Running<?> running) {
        try {
            running.result();
        } catch (Exception ex) {
            return (ValueRetrievalException) ex.getCause();
        }
        throw new AssertionError("The load should have failed");
    }
}
