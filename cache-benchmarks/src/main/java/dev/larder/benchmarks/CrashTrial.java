package dev.larder.benchmarks;

import dev.larder.store.contract.crash.CorruptionLab;
import dev.larder.store.contract.crash.CorruptionLab.State;
import dev.larder.store.contract.crash.FaultLab;
import dev.larder.store.contract.crash.KillLab;
import dev.larder.store.contract.crash.PowerLab;
import dev.larder.store.contract.crash.RaceLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.crash.Subject;
import dev.larder.store.log.LogSubject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that sends the stores of segments on its class path through all parts of the crash lab, and tells which part
 * found something wrong first. Arguments: directory, seed, and a part of the names of those to begin with.
 */
final class CrashTrial {

    static final String STARTED = "started";

    static final String CAUGHT = "caught by ";

    static final String PASSED = "passed";

    private static final int SEGMENT = 1 << 16;

    private static final long BOUND = 16L * SEGMENT;

    private static final int FAULT_STRIDE = 20;

    private static final int CORRUPTION_STRIDE = 61;

    private final Path parent;

    private final int seed;

    private CrashTrial(Path parent, int seed) {
        this.parent = parent;
        this.seed = seed;
    }

    /** A part of the lab, and a short run of it. */
    @FunctionalInterface
    private interface Part {
        void run(Path directory) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(STARTED);
        CrashTrial trial = new CrashTrial(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        List<Map.Entry<String, Part>> parts = new ArrayList<>(trial.parts().entrySet());
        parts.sort(Comparator.comparing(part -> !part.getKey().contains(arguments[2])));
        for (Map.Entry<String, Part> part : parts) {
            Path directory = Files.createTempDirectory(trial.parent, "trial-");
            try {
                part.getValue().run(directory);
            } catch (Exception | LinkageError | AssertionError ex) {
                System.out.println(CAUGHT + part.getKey() + "\t" + ex);
                Runtime.getRuntime().halt(1);
            }
            WorkDirectory.delete(directory);
        }
        System.out.println(PASSED);
        Runtime.getRuntime().halt(0);
    }

    /** Quick ones first. */
    private Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("races", directory -> race(directory, 64, 12));
        parts.put("races of keys that collide", directory -> race(directory, 2, 12));
        parts.put("races while much is evicted", directory -> race(directory, 64, 2000));
        parts.put("power", directory -> power(directory, BOUND, Sync.values()));
        parts.put("power, each write synced", directory -> power(directory, Settings.UNBOUNDED, Sync.ALWAYS));
        parts.put("power, synced in intervals", directory -> power(directory, Settings.UNBOUNDED, Sync.INTERVAL));
        parts.put("power, not always synced", directory -> power(directory, Settings.UNBOUNDED, Sync.values()));
        for (FaultLab.Kind kind : FaultLab.Kind.values()) {
            parts.put("faults " + kind, directory -> faults(directory, kind));
        }
        for (State state : State.values()) {
            parts.put("corruption " + state, directory -> corrupt(directory, state));
        }
        parts.put("corruption while open", directory -> corruption(directory).damageUnderAnOpenStore());
        parts.put("kills", directory -> kill(directory, BOUND));
        parts.put("kills, nothing may be lost", directory -> kill(directory, Settings.UNBOUNDED));
        return parts;
    }

    private static LogSubject subject() {
        return new LogSubject(64, "this run");
    }

    private void race(Path directory, int hashBits, int keys) throws Exception {
        Settings settings = Settings.real(BOUND, SEGMENT, 1, Sync.PROCESS);
        for (RaceLab.Threads threads : List.of(RaceLab.Threads.PLATFORM, RaceLab.Threads.INTERRUPTED)) {
            Path own = directory.resolve(threads.name());
            new RaceLab(new LogSubject(hashBits, "this run"), own, settings, keys, 4, seed).run(threads, 2, 2000);
        }
    }

    private void power(Path directory, long maxSize, Sync... syncs) throws Exception {
        Settings settings = Settings.real(maxSize, SEGMENT, 1, Sync.PROCESS);
        // So many that some have to go where there is a bound.
        int keys = settings.isBounded() ? 1000 : 200;
        new PowerLab(run -> new LogSubject(64, "run " + run), directory, settings, List.of(syncs), keys, 2, seed)
                .run(40);
    }

    private static void faults(Path directory, FaultLab.Kind kind) throws Exception {
        new FaultLab(subject(), directory, SEGMENT, FAULT_STRIDE).run(kind);
    }

    private static CorruptionLab corruption(Path directory) {
        return new CorruptionLab(subject(), directory, SEGMENT, CORRUPTION_STRIDE);
    }

    private static void corrupt(Path directory, State state) throws Exception {
        CorruptionLab lab = corruption(directory);
        lab.checkUndamaged(state);
        lab.mistreatFiles(state);
        lab.swapFiles(state);
        lab.flipEveryByte(state);
        lab.truncateEverywhere(state);
        lab.makeHolesEverywhere(state);
    }

    private void kill(Path directory, long maxSize) throws Exception {
        Settings settings = Settings.real(maxSize, SEGMENT, 1, Sync.PROCESS);
        String name = Subject.name(LogSubject.class, "64");
        new KillLab(name, directory, settings, 300, 3, seed).run(20, line -> {});
    }
}
