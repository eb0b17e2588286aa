package dev.larder.store.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs something on several threads that start together, and fails if one of them does. */
public final class Threads {

    private static final long LIMIT_SECONDS = 60;

    private Threads() {}

    /** Something to run; it gets the number of its thread, from 0. */
    @FunctionalInterface
    public interface Work {
        void run(int thread) throws Exception;
    }

    /** Returns when all threads have ended; a thread that hangs fails the test. */
    public static void run(int threads, Work work) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            futures.add(executor.submit(() -> {
                start.await();
                work.run(thread);
                return null;
            }));
        }
        try {
            for (Future<?> future : futures) {
                future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException ex) {
            throw new AssertionError("A thread failed", ex.getCause());
        } catch (TimeoutException ex) {
            throw new AssertionError("A thread hangs", ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was interrupted", ex);
        } finally {
            executor.shutdownNow();
        }
    }
}
