package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measures what does not depend on how many entries a store has: a put that evicts, opening, and the heap in use. */
final class DiskScale {

    /** What a {@link ScaleWorker} prints, after the number of entries. */
    private static final List<String> COLUMNS =
            List.of("put, us", "p50", "p99", "open, ms", "open empty, ms", "heap, bytes");

    private DiskScale() {}

    static void run(Plan plan, PrintStream out, PrintStream progress) throws IOException {
        Map<Integer, List<List<Double>>> results = new HashMap<>();
        try (WorkDirectory work = new WorkDirectory(plan.directory())) {
            for (int size : plan.sizes()) {
                String unused = worker(work.path(), "fill", size, plan);
                progress.printf("filled %d%n", size);
            }
            for (int round = 1; round <= plan.forks(); round++) {
                for (int size : plan.sizes()) {
                    String line = worker(work.path(), "measure", size, plan);
                    progress.printf("round %d of %d: %s%n", round, plan.forks(), line);
                    results.computeIfAbsent(size, each -> new ArrayList<>()).add(parse(line));
                }
            }
        }
        print(plan, results, out);
    }

    private static List<Double> parse(String line) {
        List<Double> values = new ArrayList<>();
        for (String value : line.split(" ", -1)) {
            values.add(Double.valueOf(value));
        }
        return values;
    }

    private static String worker(Path directory, String operation, int size, Plan plan) throws IOException {
        long millis = plan.time().toMillis() * plan.iterations();
        Path home = directory.resolve(String.valueOf(size));
        try (Child child = Child.start(Child.java(ScaleWorker.class, home, operation, size, millis, millis))) {
            String line = operation.equals("fill") ? "" : child.hear();
            child.join();
            return line;
        }
    }

    private static void print(Plan plan, Map<Integer, List<List<Double>>> results, PrintStream out) {
        Table table = new Table("entries");
        for (String column : COLUMNS) {
            table.header(column, "");
        }
        for (int size : plan.sizes()) {
            List<List<Double>> rounds = results.getOrDefault(size, List.of());
            table.row(String.valueOf(size));
            for (int column = 1; column <= COLUMNS.size(); column++) {
                int index = column;
                String format = column < COLUMNS.size() ? "%.2f" : "%.0f";
                table.spread(
                        format,
                        Spread.of(rounds.stream().map(each -> each.get(index)).toList()));
            }
        }
        out.printf("%nStores that are full: median of the rounds (%d), lowest..highest%n%n", plan.forks());
        table.print(out);
    }
}
