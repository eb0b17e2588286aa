package dev.larder.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Threads that do the same again and again for a while. */
final class LoopingThreads {

    /** Operations between two looks at the clock, which costs a tenth of the fastest of them. */
    private static final int BATCH = 32;

    private LoopingThreads() {}

    /** What to do; it gets the generator of its thread. */
    @FunctionalInterface
    interface Operation {
        void run(ThreadLocalRandom random) throws IOException;
    }

    /** Thousands of operations a second, of all threads together. */
    static double run(int threads, long millis, Operation operation) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> loop(start + TimeUnit.MILLISECONDS.toNanos(millis), operation));
            }
            long operations = 0;
            for (Future<Long> future : executor.invokeAll(tasks)) {
                operations += future.get();
            }
            return operations * 1e6 / (System.nanoTime() - start);
        } catch (ExecutionException ex) {
            throw new IOException(ex.getCause());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        } finally {
            executor.shutdownNow();
        }
    }

    private static long loop(long end, Operation operation) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long operations = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH; i++) {
                operation.run(random);
            }
            operations += BATCH;
        }
        return operations;
    }
}
