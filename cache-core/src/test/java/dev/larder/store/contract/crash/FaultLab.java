package dev.larder.store.contract.crash;

import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.crash.History.Misses;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Lets one call after another fail in the course of a script that fills a store, replaces, removes and clears. Nothing may be
 * thrown, nothing may come back, neither now nor after a restart, and when the disk is well again, the store must be.
 *
 * @param subject what is tried
 * @param parent where directories are made
 * @param segmentSize so small that the script fills several segments
 * @param stride how much the number of the call that fails grows, in percent of it; 0 to try every call
 */
public record FaultLab(Subject subject, Path parent, int segmentSize, int stride) {

    private static final int KEYS = 30;

    private static final Predicate<Call> CHANGES = Call.of(
            Operation.CREATE,
            Operation.WRITE,
            Operation.TRUNCATE,
            Operation.FORCE,
            Operation.MOVE,
            Operation.LINK,
            Operation.CREATE_DIRECTORY);

    /** How calls fail. */
    public enum Kind {
        BROKEN_ONCE(Fault.inputOutputError(), Call.any(), false),
        BROKEN_AFTERWARDS(Fault.afterwards(Fault.inputOutputError()), Call.any(), false),
        BROKEN_FROM_THEN_ON(Fault.inputOutputError(), Call.any(), true),
        FULL_ONCE(Fault.fullDisk(), CHANGES, false),
        FULL_FROM_THEN_ON(Fault.fullDisk(), CHANGES, true),
        SHORT(Fault.shortTransfer(7), Call.of(Operation.READ, Operation.WRITE), true);

        private final Fault fault;

        private final Predicate<Call> where;

        private final boolean lasts;

        Kind(Fault fault, Predicate<Call> where, boolean lasts) {
            this.fault = fault;
            this.where = where;
            this.lasts = lasts;
        }
    }

    /** Lets one call after another fail, and gives how many were tried. */
    public int run(Kind kind) throws IOException {
        int tried = 0;
        for (long nth = 1; ; nth += 1 + nth * stride / 100) {
            Path directory = Files.createDirectory(parent.resolve(kind + "-" + nth));
            Trial trial = new Trial(directory, nth % 2 == 0 ? Sync.ALWAYS : Sync.INTERVAL);
            try {
                boolean met = trial.run(kind, nth);
                if (!met) {
                    return tried;
                }
            } catch (RuntimeException | AssertionError ex) {
                throw new Violation("%s, call %d, directory %s: %s".formatted(kind, nth, directory, ex), ex);
            }
            Trees.delete(directory);
            tried++;
        }
    }

    /** One run of the script. */
    private final class Trial {

        private final ManualClock clock = new ManualClock();

        private final ManualScheduler scheduler = new ManualScheduler();

        private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

        private final Random random = new Random(1);

        private final History history = new History(KEYS, Misses.ALLOWED);

        private final Path directory;

        private final Settings settings;

        Trial(Path directory, Sync sync) {
            this.directory = directory;
            this.settings = new Settings(
                    8L * segmentSize, segmentSize, 1, sync, clock, scheduler, new Failures("fault lab", clock));
        }

        boolean run(Kind kind, long nth) throws IOException {
            Faults faults = fileSystem.faults();
            Faults.Rule rule;
            try (Store<String, byte[]> store = subject.open(fileSystem.over(directory.resolve("store")), settings)) {
                subject.awaitRecovery(store);
                Workload workload = new Workload(store, history, settings, KEYS, 0);
                fill(workload);
                AtomicLong left = new AtomicLong(nth);
                rule = kind.lasts
                        ? faults.inject(kind.fault, call -> kind.where.test(call) && left.decrementAndGet() <= 0)
                        : faults.injectAt(nth, kind.fault, kind.where);
                change(workload);
                workload.look(0, random);
                faults.clear();
                workload.look(0, random);
                history.check();
                // What not even a deletion reaches will be undone when the disk is well, and cannot be before.
                if (kind != Kind.BROKEN_FROM_THEN_ON) {
                    lookAtCopy();
                }
                clock.advance(Duration.ofMinutes(1));
                scheduler.runAll();
                lookAtCopy();
                checkIsWell(workload);
            }
            reopen();
            return rule.isMet();
        }

        private void fill(Workload workload) {
            for (int i = 0; i < 3 * KEYS; i++) {
                workload.act(0, Act.PUT, i % KEYS, random);
            }
            scheduler.runAll();
        }

        private void change(Workload workload) {
            for (int key = 0; key < KEYS; key++) {
                Act act = Act.values()[key % (Act.values().length - 1)];
                workload.act(0, act, key, random);
                if (key % 10 == 9) {
                    clock.advance(Duration.ofSeconds(1));
                    scheduler.runAll();
                }
            }
            workload.act(0, Act.CLEAR, 0, random);
            for (int key = 0; key < 2 * KEYS; key++) {
                workload.act(0, Act.PUT, key % KEYS, random);
            }
            for (int key = 0; key < KEYS; key += 3) {
                workload.act(0, Act.REMOVE, key, random);
            }
            scheduler.runAll();
        }

        /** As if the process were killed now. */
        private void lookAtCopy() throws IOException {
            Trees.copy(directory.resolve("store"), directory.resolve("copy"));
            try (Store<String, byte[]> copy = subject.open(fileSystem.over(directory.resolve("copy")), settings)) {
                subject.awaitRecovery(copy);
                for (int key = 0; key < KEYS; key++) {
                    byte[] found = copy.get(Value.name(key));
                    if (found != null && !history.isPossible(key, Value.version(key, found))) {
                        throw new Violation(
                                "Key %d gave version %d after a restart".formatted(key, Value.version(key, found)));
                    }
                }
            }
        }

        private void checkIsWell(Workload workload) {
            workload.act(0, Act.CLEAR, 0, random);
            history.setMisses(Misses.FORBIDDEN);
            for (int key = 0; key < KEYS; key++) {
                workload.put(0, key, 100);
            }
            workload.act(0, Act.REMOVE, 0, random);
            workload.look(0, random);
            history.check();
        }

        private void reopen() {
            try (Store<String, byte[]> store = subject.open(fileSystem.over(directory.resolve("store")), settings)) {
                subject.awaitRecovery(store);
                new Workload(store, history, settings, KEYS, 1).look(0, random);
                history.check();
            }
        }
    }
}
