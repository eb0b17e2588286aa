package dev.larder.benchmarks;

import dev.larder.store.contract.crash.KillLab;
import dev.larder.store.contract.crash.PowerLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.crash.Subject;
import dev.larder.store.contract.crash.Violation;
import dev.larder.store.log.LogSubject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Long runs of the crash lab: kills processes that work on stores of segments, takes the power away from others, and tells whether anything was
 * wrong.
 */
final class Crash {

    /** As small as may be, so that segments come and go all the time. */
    private static final int SEGMENT = 1 << 16;

    private static final int KEYS = 400;

    /** So many that some have to go where there is a bound. */
    private static final int POWER_KEYS = 1000;

    private static final int POWER_THREADS = 2;

    /** How often one store loses its power. */
    private static final int LOSSES = 80;

    private static final int THREADS = 3;

    /** What the stores are like that go through the lab. */
    private enum Kind {
        BOUNDED(1, 64, 16L * SEGMENT),
        SHARDED(3, 64, 48L * SEGMENT),
        COLLIDING(1, 8, 16L * SEGMENT),
        /** Without a bound: nothing that was acknowledged may be missing. */
        UNBOUNDED(2, 64, Settings.UNBOUNDED);

        private final int shards;

        private final int hashBits;

        private final long maxSize;

        Kind(int shards, int hashBits, long maxSize) {
            this.shards = shards;
            this.hashBits = hashBits;
            this.maxSize = maxSize;
        }

        private Settings settings() {
            return Settings.real(maxSize, SEGMENT, shards, Sync.PROCESS);
        }

        private KillLab.Report kill(Path directory, Plan plan, PrintStream errors) throws IOException {
            String subject = Subject.name(LogSubject.class, String.valueOf(hashBits));
            return new KillLab(subject, directory, settings(), KEYS, THREADS, plan.seed())
                    .run(plan.rounds(), line -> errors.println(this + " " + line));
        }

        /** Returns how many reads found something. */
        private long losePower(Path directory, long seed) throws Exception {
            IntFunction<Subject> subjects = run -> new LogSubject(hashBits, "run " + run);
            List<Sync> syncs = List.of(Sync.values());
            return new PowerLab(subjects, directory, settings(), syncs, POWER_KEYS, POWER_THREADS, seed).run(LOSSES);
        }
    }

    private Crash() {}

    /**
     * Runs the lab on each kind of store. The directory of one that did wrong stays.
     *
     * @throws IOException that tells what was wrong, and the seed
     */
    static void run(Plan plan, PrintStream out, PrintStream errors) throws IOException {
        out.println("seed " + plan.seed());
        Files.createDirectories(plan.directory());
        for (Kind kind : Kind.values()) {
            in(plan, kind, directory -> out.println(kind + ": " + kind.kill(directory, plan, errors)));
            long[] found = new long[1];
            for (int i = 0; i < plan.rounds(); i++) {
                long seed = (long) plan.seed() + i;
                in(plan, kind, directory -> found[0] += kind.losePower(directory, seed));
            }
            out.println("%s: %d rounds that a loss of power may end, %d reads found something"
                    .formatted(kind, plan.rounds() * LOSSES, found[0]));
        }
    }

    /** A part of the lab. */
    @FunctionalInterface
    private interface Part {
        void run(Path directory) throws Exception;
    }

    private static void in(Plan plan, Kind kind, Part part) throws IOException {
        Path directory = Files.createTempDirectory(plan.directory(), "larder-crash-");
        try {
            part.run(directory);
        } catch (IOException | RuntimeException ex) {
            throw ex;
        } catch (Violation | Exception ex) {
            throw new IOException("%s did wrong: %s".formatted(kind, ex.getMessage()), ex);
        }
        WorkDirectory.delete(directory);
    }
}
