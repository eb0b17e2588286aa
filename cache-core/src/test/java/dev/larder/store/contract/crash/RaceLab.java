package dev.larder.store.contract.crash;

import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.crash.History.Misses;
import dev.larder.store.contract.crash.Settings.Sync;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads meet at few keys of a store that evicts, moves entries, is cleared, and is closed and opened again, and looks
 * whether each key was a register that may forget, but not remember what it forgot.
 *
 * @param subject what is tried
 * @param directory where the store is
 * @param settings with any clock and background work: the lab has its own
 * @param keys few, so that threads meet
 * @param threads how many
 * @param seed chooses what threads do; their order is chance
 */
public record RaceLab(Subject subject, Path directory, Settings settings, int keys, int threads, long seed) {

    private static final long PAUSE_NANOS = 100_000;

    private static final int LIMIT_SECONDS = 60;

    /** What kind of threads work, and whether they are interrupted all the time. */
    public enum Threads {
        PLATFORM(false, false),
        INTERRUPTED(false, true),
        /** Platform threads where the JDK has no virtual ones. */
        INTERRUPTED_VIRTUAL(true, true);

        private final boolean isVirtual;

        private final boolean isInterrupted;

        Threads(boolean isVirtual, boolean isInterrupted) {
            this.isVirtual = isVirtual;
            this.isInterrupted = isInterrupted;
        }

        private Thread start(Runnable task) {
            if (isVirtual) {
                try {
                    return (Thread) Thread.class
                            .getMethod("startVirtualThread", Runnable.class)
                            .invoke(null, task);
                } catch (NoSuchMethodException ex) {
                    // Before JDK 21.
                } catch (IllegalAccessException | InvocationTargetException ex) {
                    // A preview in JDK 19 and 20.
                }
            }
            Thread thread = new Thread(task, "lab-racer");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }

    /** Opens and closes the store so many times, with so many steps of each thread between, and gives how many found something. */
    public long run(Threads kind, int rounds, int steps) throws InterruptedException {
        History history = new History(keys, Misses.FINAL);
        for (int number = 0; number < rounds; number++) {
            Round round = new Round(history, kind, number, steps);
            try {
                round.run();
                history.check();
            } catch (Violation ex) {
                throw new Violation(
                        "Seed %d, round %d, %s, directory %s: %s"
                                .formatted(seed, number, kind, directory, ex.getMessage()),
                        ex);
            }
        }
        return history.found();
    }

    /** From opening to closing. */
    private final class Round {

        private final ManualScheduler scheduler = new ManualScheduler();

        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private final History history;

        private final Threads kind;

        private final int number;

        private final int steps;

        private final CountDownLatch running = new CountDownLatch(threads);

        private volatile boolean isOver;

        Round(History history, Threads kind, int number, int steps) {
            this.history = history;
            this.kind = kind;
            this.number = number;
            this.steps = steps;
        }

        void run() throws InterruptedException {
            ManualClock clock = new ManualClock();
            Sync sync = Sync.values()[number % Sync.values().length];
            Settings own = new Settings(
                    settings.maxSize(),
                    settings.segmentSize(),
                    settings.shards(),
                    sync,
                    clock,
                    scheduler,
                    new Failures("race lab", clock));
            try (Store<String, byte[]> store = subject.open(directory, own)) {
                subject.awaitRecovery(store);
                Workload workload = new Workload(store, history, own, keys, number);
                workload.look(0, new Random(seed));
                Thread background = Threads.PLATFORM.start(this::workInBackground);
                List<Thread> workers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    int thread = i;
                    workers.add(kind.start(() -> work(workload, thread)));
                }
                if (kind.isInterrupted) {
                    interrupt(workers);
                }
                if (!running.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new Violation("Threads hang");
                }
                isOver = true;
                background.join();
            }
            if (failure.get() != null) {
                throw failure.get() instanceof Violation violation
                        ? violation
                        : new Violation("A thread failed: " + failure.get(), failure.get());
            }
            if (own.failures().count() > 0) {
                throw new Violation("Faults were counted, though the disk was well: "
                        + own.failures().counts());
            }
        }

        private void interrupt(List<Thread> workers) {
            Random random = new Random(seed);
            while (running.getCount() > 0) {
                workers.get(random.nextInt(workers.size())).interrupt();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void workInBackground() {
            while (!isOver) {
                scheduler.runAll();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void work(Workload workload, int thread) {
            Random random = new Random(seed * 1000 + number * 10L + thread);
            try {
                for (int step = 0; step < steps && failure.get() == null; step++) {
                    workload.step(thread, random);
                }
            } catch (RuntimeException | Error ex) {
                failure.compareAndSet(null, ex);
            } finally {
                running.countDown();
            }
        }
    }
}
