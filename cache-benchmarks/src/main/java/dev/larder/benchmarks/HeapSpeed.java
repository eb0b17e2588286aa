package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.RunnerException;

/** Measures the speed of caches in heap, with {@link HeapBenchmark}. */
final class HeapSpeed {

    /** Its methods. */
    private static final List<String> WORKLOADS = List.of("hit", "mixed", "putEvict");

    private HeapSpeed() {}

    static void run(Plan plan, List<Contestants> contestants, PrintStream out, PrintStream progress)
            throws RunnerException {
        Speed<Contestants> speed = new Speed<>(
                HeapBenchmark.class,
                contestants,
                plan.baselines(Contestants.class, List.of(Contestants.CAFFEINE, Contestants.SPRING_CAFFEINE)),
                plan.workloads(WORKLOADS),
                TimeUnit.MICROSECONDS,
                "Million operations a second",
                Map.of(),
                "2g");
        Rounds.run(speed, plan, out, progress);
    }
}
