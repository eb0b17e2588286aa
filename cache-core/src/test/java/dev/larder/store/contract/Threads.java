package dev.larder.store.contract;

import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs something on several threads that start together, and fails if one of them does. */
public final class Threads {

    private static final long LIMIT_SECONDS = 60;

    private Threads() {}

    /** Something to run; it gets the number of its thread, from 0. */
    @FunctionalInterface
    public interface Work {
        void run(int thread) throws Exception;
    }

    /** Returns when all threads have ended; the first that fails, or one that hangs, fails the test. */
    public static void run(int threads, Work work) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CompletionService<@Nullable Void> ended = new ExecutorCompletionService<>(executor);
        CyclicBarrier start = new CyclicBarrier(threads);
        for (int i = 0; i < threads; i++) {
            int thread = i;
            ended.submit(() -> {
                start.await();
                work.run(thread);
                return null;
            });
        }
        try {
            for (int i = 0; i < threads; i++) {
                Future<@Nullable Void> next = ended.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("A thread hangs");
                }
                next.get();
            }
        } catch (ExecutionException ex) {
            throw new AssertionError("A thread failed", ex.getCause());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was interrupted", ex);
        } finally {
            executor.shutdownNow();
        }
    }
}
