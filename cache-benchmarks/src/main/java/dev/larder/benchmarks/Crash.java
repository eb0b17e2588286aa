package dev.larder.benchmarks;

import dev.larder.store.contract.crash.KillLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.crash.Subject;
import dev.larder.store.contract.crash.Violation;
import dev.larder.store.log.LogSubject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Long runs of the crash lab: kills processes that work on stores of segments, and tells whether anything was wrong. */
final class Crash {

    /** As small as may be, so that segments come and go all the time. */
    private static final int SEGMENT = 1 << 16;

    private static final int KEYS = 400;

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

        private KillLab lab(Path directory, long seed) {
            Settings settings = Settings.real(maxSize, SEGMENT, shards, Sync.PROCESS);
            String subject = Subject.name(LogSubject.class, String.valueOf(hashBits));
            return new KillLab(subject, directory, settings, KEYS, THREADS, seed);
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
            Path directory = Files.createTempDirectory(plan.directory(), "larder-crash-");
            try {
                KillLab.Report report =
                        kind.lab(directory, plan.seed()).run(plan.rounds(), line -> errors.println(kind + " " + line));
                out.println(kind + ": " + report);
            } catch (Violation ex) {
                throw new IOException("%s did wrong: %s".formatted(kind, ex.getMessage()), ex);
            }
            WorkDirectory.delete(directory);
        }
    }
}
