package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a benchmark in rounds. In each round every contestant has one fork for each workload, next to those of the others,
 * because the speed of a machine drifts: what is compared was measured within a minute or two.
 */
final class Rounds<E extends Enum<E>> {

    private final Speed<E> speed;

    private final Plan plan;

    private final List<E> baselines;

    private final PrintStream progress;

    /** Operations in a unit of time, by point and round. */
    private final Map<Point<E>, List<Double>> scores = new HashMap<>();

    private Rounds(Speed<E> speed, Plan plan, PrintStream progress) {
        this.speed = speed;
        this.plan = plan;
        this.baselines =
                speed.baselines().stream().filter(speed.contestants()::contains).toList();
        this.progress = progress;
    }

    /** One cell of the table. */
    private record Point<E>(E contestant, String workload, int threads) {}

    static <E extends Enum<E>> void run(Speed<E> speed, Plan plan, PrintStream out, PrintStream progress)
            throws RunnerException {
        Rounds<E> rounds = new Rounds<>(speed, plan, progress);
        for (int round = 1; round <= plan.forks(); round++) {
            rounds.round(round);
        }
        rounds.print(out);
    }

    private void round(int round) throws RunnerException {
        for (String workload : speed.workloads()) {
            for (int threads : plan.threads()) {
                for (E contestant : speed.contestants()) {
                    double score = fork(contestant, workload, threads);
                    scores.computeIfAbsent(new Point<>(contestant, workload, threads), point -> new ArrayList<>())
                            .add(score);
                    progress.printf(
                            Locale.ROOT,
                            "round %d of %d: %s@%d %s %.2f%n",
                            round,
                            plan.forks(),
                            workload,
                            threads,
                            Labels.of(contestant),
                            score);
                }
            }
        }
    }

    private double fork(E contestant, String workload, int threads) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(plan.time().toMillis());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(speed.benchmark().getName() + "." + workload) + "$")
                .param("contestant", contestant.name())
                .threads(threads)
                .forks(1)
                .jvmArgs("-Xms" + speed.memory(), "-Xmx" + speed.memory())
                .warmupIterations(plan.iterations())
                .warmupTime(time)
                .measurementIterations(plan.iterations())
                .measurementTime(time)
                .timeUnit(speed.unit())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        speed.parameters().forEach(options::param);
        return new Runner(options.build()).runSingle().getPrimaryResult().getScore();
    }

    private void print(PrintStream out) {
        out.printf(
                "%s: median of the rounds (%d), lowest..highest%s%n",
                speed.unitName(), plan.forks(), baselines.isEmpty() ? "" : ", and times " + Labels.all(baselines));
        for (String workload : speed.workloads()) {
            Table table = new Table("");
            for (int threads : plan.threads()) {
                table.header(workload + "@" + threads, "");
                baselines.forEach(baseline -> table.header("x " + Labels.of(baseline)));
            }
            for (E contestant : speed.contestants()) {
                table.row(Labels.of(contestant));
                for (int threads : plan.threads()) {
                    cells(new Point<>(contestant, workload, threads), table);
                }
            }
            out.println();
            table.print(out);
        }
    }

    private void cells(Point<E> point, Table table) {
        List<Double> values = scores.getOrDefault(point, List.of());
        table.spread("%.2f", Spread.of(values));
        for (E baseline : baselines) {
            List<Double> others =
                    scores.getOrDefault(new Point<>(baseline, point.workload(), point.threads()), List.of());
            table.cell("%.2f", Spread.ofRatios(values, others).median());
        }
    }
}
