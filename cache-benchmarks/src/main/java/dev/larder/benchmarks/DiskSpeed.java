package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.RunnerException;

/** Measures caches on disk: their speed in one process with {@link DiskBenchmark}, then what else there is to know. */
final class DiskSpeed {

    private static final String PROCESSES = "processes";

    private static final String SCALE = "scale";

    private static final List<String> WORKLOADS = List.of("hit", "overwrite", "insert", PROCESSES, SCALE);

    private DiskSpeed() {}

    static void run(Plan plan, PrintStream out, PrintStream progress) throws IOException, RunnerException {
        List<String> workloads = plan.workloads(WORKLOADS);
        List<String> methods = new ArrayList<>(workloads);
        methods.removeAll(List.of(PROCESSES, SCALE));
        if (!methods.isEmpty()) {
            runMethods(methods, plan, out, progress);
        }
        if (workloads.contains(PROCESSES)) {
            DiskProcesses.run(plan, out, progress);
        }
        if (workloads.contains(SCALE)) {
            DiskScale.run(plan, out, progress);
        }
    }

    private static void runMethods(List<String> methods, Plan plan, PrintStream out, PrintStream progress)
            throws IOException, RunnerException {
        try (WorkDirectory work = new WorkDirectory(plan.directory())) {
            Speed<DiskContestants> speed = new Speed<>(
                    DiskBenchmark.class,
                    plan.contestants(DiskContestants.class, List.of(DiskContestants.values())),
                    plan.baselines(DiskContestants.class, List.of(DiskContestants.BARE)),
                    methods,
                    TimeUnit.MILLISECONDS,
                    "Thousand operations a second",
                    Map.of("directory", work.path().toString(), "entries", String.valueOf(plan.entries(100_000))),
                    "512m");
            Rounds.run(speed, plan, out, progress);
        }
    }
}
