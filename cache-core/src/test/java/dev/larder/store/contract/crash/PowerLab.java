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
import java.util.function.Predicate;

/**
 * Takes the power away from a store in the midst of its work, opens another on what may have survived, and looks at every
 * key; again and again, each round on what the one before left.
 *
 * <p>In some rounds only the process ends: then the next one finds all that was written, on disk or not. Not where a sync has failed, because
 * what that left is lost, whatever the next process does; and not with several shards, because each syncs what it finds when it is used.
 *
 * @param subjects the subject of each run of the machine, counted from 0
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

    /** How long it takes at most from what may leave something undone until power goes off. */
    private static final int FEW_CALLS = 40;

    /** From one sync to the next that fails. */
    private static final int MOST_SYNCS = 30;

    /** So often at least something is done before all is cleared. */
    private static final int STEPS_BEFORE_CLEAR = 400;

    private static final long PAUSE_NANOS = 200_000;

    /** Runs so many rounds, and gives how many reads found something. */
    public long run(int rounds) throws Exception {
        History history = new History(keys, Misses.ALLOWED);
        // Stores see the real path: power would not be lost where it is looked for by another.
        Path real = parent.toRealPath();
        Path directory = Files.createDirectory(real.resolve("power-0"));
        Machine machine = new Machine(0, new PowerLoss(directory), false, 0);
        for (int number = 0; number < rounds; number++) {
            Random random = new Random(seed * 31 + number);
            Round round = new Round(history, number, directory, machine, random);
            Path next = Files.createDirectory(real.resolve("power-" + (number + 1)));
            try {
                machine = round.run(next);
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

    /**
     * What a round begins with.
     *
     * @param run how often power was lost
     * @param wasKilled whether the process before has just ended, so that what it wrote may not be on disk
     * @param durable the time until which all is on disk
     */
    private record Machine(int run, PowerLoss power, boolean wasKilled, long durable) {}

    /** From one end of a process to the next. */
    private final class Round implements Journal {

        private final ManualScheduler scheduler = new ManualScheduler();

        private final ManualClock clock = new ManualClock();

        private final AtomicLong durable;

        private final AtomicLong cut = new AtomicLong();

        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        private final History history;

        private final int number;

        private final Random random;

        private final Settings settings;

        private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

        private final Machine machine;

        private final PowerLoss power;

        private final Path directory;

        private volatile boolean isRecovered;

        /** After so many steps all is cleared, and power goes off soon. */
        private volatile long clearAt = Long.MAX_VALUE;

        /** What each thread is doing. */
        private final Act[] acts = new Act[threads];

        /** Whether something was written in this round, for which all before has to be synced, too. */
        private volatile boolean hasWritten;

        Round(History history, int number, Path directory, Machine machine, Random random) {
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
            this.machine = machine;
            this.power = machine.power();
            this.durable = new AtomicLong(machine.durable());
            fileSystem.faults().inject(power, Call.any());
        }

        /** Returns when power is off, or the process at its end, and nothing goes on any more. */
        Machine run(Path next) throws InterruptedException, IOException {
            history.setMisses(Misses.ALLOWED);
            power.cutAfter(calls(), this::noteTime);
            int kind = random.nextInt(3);
            boolean syncFails = kind == 0;
            boolean isKilled = kind == 1 && settings.shards() == 1;
            if (syncFails) {
                failSync(new Random(random.nextLong()));
            }
            clearAt = random.nextInt(4) == 0 ? random.nextInt(STEPS_BEFORE_CLEAR) : Long.MAX_VALUE;
            Subject subject = subjects.apply(machine.run());
            // What fails while it opens may be told: power can go off then, too.
            try (Store<String, byte[]> store = subject.open(fileSystem.over(directory), settings)) {
                List<Thread> all = new ArrayList<>();
                all.add(start(this::workInBackground));
                Workload workload = new Workload(store, this, settings, keys, number);
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
            if (isKilled) {
                history.kill();
                return new Machine(machine.run(), power.moveOn(next), true, durable.get());
            }
            history.losePower(durable.get(), cut.get());
            if (syncFails) {
                history.excuseMisses();
            }
            power.restore(next, random);
            return new Machine(machine.run() + 1, new PowerLoss(next), false, 0);
        }

        @Override
        public void begin(int thread, Act act, int key, long version) {
            acts[thread] = act;
            power.whileOn(() -> history.begin(thread, act, key, version));
        }

        /** What ends when it is over may have happened or not. */
        @Override
        public void end(int thread, long seen) {
            power.whileOn(() -> {
                history.end(thread, seen);
                hasWritten = hasWritten || acts[thread].isPut() || acts[thread].isRemoval();
            });
        }

        /** Power goes off soon after a sync has failed, or another one fails. */
        private void failSync(Random own) {
            boolean isOfDirectory = own.nextBoolean();
            Predicate<Call> which = call -> Files.isDirectory(call.path()) == isOfDirectory;
            power.failSync(1 + own.nextInt(MOST_SYNCS), which, () -> {
                if (own.nextBoolean()) {
                    power.cutAfter(own.nextInt(FEW_CALLS), this::noteTime);
                } else {
                    failSync(own);
                }
            });
            power.cutAfter(MOST_CALLS, this::noteTime);
        }

        /** Half of the rounds end soon: what is done first is what is different each time. */
        private int calls() {
            return random.nextBoolean()
                    ? (int) Math.exp(random.nextDouble() * Math.log(MOST_CALLS))
                    : random.nextInt(MOST_CALLS);
        }

        private void noteTime() {
            // What failed because power was off must not count as missing.
            history.setMisses(Misses.ALLOWED);
            cut.set(history.time());
            if (settings.sync() == Sync.ALWAYS && syncsAll()) {
                durable.set(cut.get());
            }
        }

        /** Whether what is synced from now on is all that was written so far. */
        private boolean syncsAll() {
            return hasWritten || !machine.wasKilled();
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
                boolean isSynced = settings.sync() == Sync.INTERVAL && syncsAll();
                clock.advanceMillis(1000);
                scheduler.runAll();
                if (isSynced) {
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
            for (long step = 0; !power.isOff(); step++) {
                if (thread == 0 && step == clearAt) {
                    workload.act(thread, Act.CLEAR, 0, own);
                    power.cutAfter(own.nextInt(FEW_CALLS), this::noteTime);
                }
                workload.step(thread, own);
            }
        }
    }
}
