package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link HeapBenchmark} in rounds. In each round every contestant has one fork for each workload, next to those of
 * the others, because the speed of a machine drifts: what is compared was measured within a minute or two.
 */
final class HeapSpeed {

    private final Plan plan;

    private final List<Contestants> contestants;

    private final List<Contestants> baselines;

    private final PrintStream progress;

    /** Million operations a second, by point and round. */
    private final Map<Point, List<Double>> scores = new HashMap<>();

    private HeapSpeed(Plan plan, List<Contestants> contestants, PrintStream progress) {
        this.plan = plan;
        this.contestants = contestants;
        this.baselines = plan.baselines().stream().filter(contestants::contains).toList();
        this.progress = progress;
    }

    /** One cell of the table. */
    private record Point(Contestants contestant, String workload, int threads) {}

    static void run(Plan plan, List<Contestants> contestants, PrintStream out, PrintStream progress)
            throws RunnerException {
        HeapSpeed speed = new HeapSpeed(plan, contestants, progress);
        for (int round = 1; round <= plan.forks(); round++) {
            speed.round(round);
        }
        speed.print(out);
    }

    private void round(int round) throws RunnerException {
        for (String workload : plan.workloads()) {
            for (int threads : plan.threads()) {
                for (Contestants contestant : contestants) {
                    double score = fork(contestant, workload, threads);
                    scores.computeIfAbsent(new Point(contestant, workload, threads), point -> new ArrayList<>())
                            .add(score);
                    progress.printf(
                            Locale.ROOT,
                            "round %d of %d: %s@%d %s %.2f M/s%n",
                            round,
                            plan.forks(),
                            workload,
                            threads,
                            contestant.label(),
                            score);
                }
            }
        }
    }

    private double fork(Contestants contestant, String workload, int threads) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(plan.time().toMillis());
        return new Runner(new OptionsBuilder()
                        .include("^" + Pattern.quote(HeapBenchmark.class.getName() + "." + workload) + "$")
                        .param("contestant", contestant.name())
                        .threads(threads)
                        .forks(1)
                        .jvmArgs("-Xms2g", "-Xmx2g")
                        .warmupIterations(plan.iterations())
                        .warmupTime(time)
                        .measurementIterations(plan.iterations())
                        .measurementTime(time)
                        .timeUnit(TimeUnit.MICROSECONDS)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle()
                .getPrimaryResult()
                .getScore();
    }

    private void print(PrintStream out) {
        out.printf(
                "Million operations a second: median of the rounds (%d), lowest..highest%s%n",
                plan.forks(), baselines.isEmpty() ? "" : ", and times " + Contestants.labels(baselines));
        for (String workload : plan.workloads()) {
            Table table = new Table("");
            for (int threads : plan.threads()) {
                table.header(workload + "@" + threads, "");
                baselines.forEach(baseline -> table.header("x " + baseline.label()));
            }
            for (Contestants contestant : contestants) {
                table.row(contestant.label());
                for (int threads : plan.threads()) {
                    cells(new Point(contestant, workload, threads), table);
                }
            }
            out.println();
            table.print(out);
        }
    }

    private void cells(Point point, Table table) {
        List<Double> values = scores.getOrDefault(point, List.of());
        Spread spread = Spread.of(values);
        table.cell("%.2f", spread.median()).cell("%.2f..%.2f", spread.lowest(), spread.highest());
        for (Contestants baseline : baselines) {
            List<Double> others =
                    scores.getOrDefault(new Point(baseline, point.workload(), point.threads()), List.of());
            table.cell("%.2f", Spread.ofRatios(values, others).median());
        }
    }
}
