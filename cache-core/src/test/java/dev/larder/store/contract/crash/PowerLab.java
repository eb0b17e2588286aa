package dev.larder.store.contract.crash;

import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.crash.History.Misses;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.FaultyFileSystem;
import dev.larder.store.contract.faults.PowerLoss;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Takes the power away from a store in the midst of its work, opens another on what may have survived, and looks at every
 * key; again and again, each round on what the one before left.
 *
 * @param subjects the subject of each round, since each is another run of the machine
 * @param parent where directories are made, one for each round
 * @param settings of the first round; clock and background work are the lab's own
 * @param syncs what the rounds choose from
 * @param keys how many
 * @param threads how many work at a time
 * @param seed chooses what the rounds do
 */
public record PowerLab(
        IntFunction<Subject> subjects,
        Path parent,
        Settings settings,
        List<Sync> syncs,
        int keys,
        int threads,
        long seed) {

    private static final int MOST_CALLS = 6000;

    private static final long PAUSE_NANOS = 200_000;

    /** Runs so many rounds, and gives how many reads found something. */
    public long run(int rounds) throws Exception {
        History history = new History(keys, Misses.ALLOWED);
        Path directory = Files.createDirectory(parent.resolve("power-0"));
        for (int number = 0; number < rounds; number++) {
            Random random = new Random(seed * 31 + number);
            Round round = new Round(history, number, directory, random);
            Path next = Files.createDirectory(parent.resolve("power-" + (number + 1)));
            try {
                round.run();
                round.power.restore(next, random);
            } catch (Violation ex) {
                throw new Violation(
                        "Seed %d, round %d, %s, directory %s: %s"
                                .formatted(seed, number, round.settings, directory, ex.getMessage()),
                        ex);
            }
            directory = next;
        }
        return history.found();
    }

    /** From one loss of power to the next. */
    private final class Round {

        private final ManualScheduler scheduler = new ManualScheduler();

        private final ManualClock clock = new ManualClock();

        private final AtomicLong durable = new AtomicLong();

        private final AtomicLong cut = new AtomicLong();

        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private final History history;

        private final int number;

        private final Random random;

        private final Settings settings;

        private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

        private final PowerLoss power;

        private final Path directory;

        private volatile boolean isRecovered;

        Round(History history, int number, Path directory, Random random) throws IOException {
            this.history = history;
            this.number = number;
            this.random = random;
            this.directory = directory;
            this.settings = new Settings(
                    PowerLab.this.settings.maxSize(),
                    PowerLab.this.settings.segmentSize(),
                    PowerLab.this.settings.shards(),
                    syncs.get(random.nextInt(syncs.size())),
                    clock,
                    scheduler,
                    new Failures("power lab", clock));
            this.power = new PowerLoss(directory);
            fileSystem.faults().inject(power, Call.any());
        }

        /** Returns when power is off and nothing goes on any more. */
        void run() throws InterruptedException {
            history.setMisses(Misses.ALLOWED);
            power.cutAfter((int) Math.exp(random.nextDouble() * Math.log(MOST_CALLS)), this::noteTime);
            boolean syncFails = random.nextInt(4) == 0;
            if (syncFails) {
                power.failSync(1 + random.nextInt(50));
            }
            Subject subject = subjects.apply(number);
            // What fails while it opens may be told: power can go off then, too.
            try (Store<String, byte[]> store = subject.open(fileSystem.over(directory), settings)) {
                List<Thread> all = new ArrayList<>();
                all.add(start(this::workInBackground));
                Workload workload = new Workload(store, history, settings, keys, number);
                for (int i = 0; i < threads; i++) {
                    int thread = i;
                    all.add(start(() -> work(workload, thread)));
                }
                subject.awaitRecovery(store);
                if (!settings.isBounded() && !syncFails) {
                    power.whileOn(() -> history.setMisses(Misses.FORBIDDEN));
                }
                isRecovered = true;
                for (Thread thread : all) {
                    thread.join();
                }
            } catch (RuntimeException ex) {
                if (!power.isOff()) {
                    throw new Violation("Opening or closing failed: " + ex, ex);
                }
            }
            power.cut();
            if (failure.get() != null) {
                throw failure.get() instanceof Violation violation
                        ? violation
                        : new Violation("A thread failed: " + failure.get(), failure.get());
            }
            history.losePower(durable.get(), cut.get());
            if (syncFails) {
                history.excuseMisses();
            }
        }

        private void noteTime() {
            // What failed because power was off must not count as missing.
            history.setMisses(Misses.ALLOWED);
            cut.set(history.time());
            if (settings.sync() == Sync.ALWAYS) {
                durable.set(cut.get());
            }
        }

        private Thread start(Runnable task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error ex) {
                    failure.compareAndSet(null, ex);
                    power.cut();
                }
            });
            thread.start();
            return thread;
        }

        private void workInBackground() {
            while (!power.isOff()) {
                long before = history.time();
                clock.advanceMillis(1000);
                scheduler.runAll();
                if (settings.sync() == Sync.INTERVAL) {
                    power.whileOn(() -> durable.set(before));
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void work(Workload workload, int thread) {
            Random own = new Random(seed * 1000 + number * 10L + thread);
            while (!isRecovered && !power.isOff()) {
                workload.act(thread, Act.GET, own.nextInt(keys), own);
                workload.step(thread, own);
            }
            for (int key = thread; key < keys && !power.isOff(); key += threads) {
                workload.act(thread, Act.GET, key, own);
            }
            while (!power.isOff()) {
                workload.step(thread, own);
            }
        }
    }
}
