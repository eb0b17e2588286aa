package dev.larder.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how fast several processes are on one directory, next to python-diskcache. The processes warm up together, and
 * longer the more they are, since they share the processors; then all are measured at the same time.
 */
final class DiskProcesses {

    private static final List<String> OPERATIONS = List.of("get", "put", "insert");

    private final Plan plan;

    private final List<Sharers> contestants;

    private final Path directory;

    private final List<String> python;

    private final PrintStream progress;

    private final Map<Point, List<Double>> rates = new HashMap<>();

    private final Map<Point, Latencies> latencies = new HashMap<>();

    private DiskProcesses(
            Plan plan, List<Sharers> contestants, Path directory, List<String> python, PrintStream progress) {
        this.plan = plan;
        this.contestants = contestants;
        this.directory = directory;
        this.python = python;
        this.progress = progress;
    }

    /** One row of the table, and some cells in it. */
    private record Point(Sharers contestant, String operation, int processes) {}

    static void run(Plan plan, PrintStream out, PrintStream progress) throws IOException {
        List<Sharers> contestants = new ArrayList<>(List.of(Sharers.values()));
        try (WorkDirectory work = new WorkDirectory(plan.directory())) {
            List<String> python = List.of(plan.python(), script(work.path()).toString());
            if (!hasDiskcache(python, work.path())) {
                out.printf(
                        "%nWithout python-diskcache, because '%s' has none: see docs/benchmarks.md%n", plan.python());
                contestants.removeIf(Sharers::isPython);
            }
            DiskProcesses processes = new DiskProcesses(plan, contestants, work.path(), python, progress);
            processes.fill();
            for (int round = 1; round <= plan.forks(); round++) {
                processes.round(round);
            }
            processes.print(out);
        }
    }

    private static Path script(Path directory) throws IOException {
        Path script = directory.resolve("diskcache_worker.py");
        try (InputStream resource = DiskProcesses.class.getResourceAsStream("diskcache_worker.py")) {
            if (resource == null) {
                throw new IOException("The script is not in the jar");
            }
            Files.copy(resource, script);
        }
        return script;
    }

    private static boolean hasDiskcache(List<String> python, Path directory) {
        try (Child child = Child.start(Sharers.DISKCACHE.command(python, directory, "check", 0, 0, 0))) {
            String unused = child.hear();
            return true;
        } catch (IOException ex) {
            return false;
        }
    }

    /** Inserts fill one of their own, since the others are read again. */
    private Path home(Sharers contestant, String operation) {
        return directory.resolve(Labels.of(contestant) + (operation.equals("insert") ? "-insert" : ""));
    }

    private void fill() throws IOException {
        for (Sharers contestant : contestants) {
            try (Child child = Child.start(
                    contestant.command(python, home(contestant, "fill"), "fill", plan.entries(100_000), 0, 0))) {
                child.join();
            }
        }
    }

    private void round(int round) throws IOException {
        for (String operation : OPERATIONS) {
            for (int processes : plan.processes()) {
                for (Sharers contestant : contestants) {
                    double rate = measure(new Point(contestant, operation, processes));
                    progress.printf(
                            Locale.ROOT,
                            "round %d of %d: %s@%d %s %.2f%n",
                            round,
                            plan.forks(),
                            operation,
                            processes,
                            Labels.of(contestant),
                            rate);
                }
            }
        }
    }

    private double measure(Point point) throws IOException {
        long millis = plan.time().toMillis() * plan.iterations();
        long warmUpMillis = millis * Math.max(1, point.processes() / 2);
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < point.processes(); i++) {
                children.add(Child.start(point.contestant()
                        .command(
                                python,
                                home(point.contestant(), point.operation()),
                                point.operation(),
                                plan.entries(100_000),
                                warmUpMillis,
                                millis)));
            }
            for (Child child : children) {
                String unused = child.hear();
            }
            for (Child child : children) {
                child.say("go");
            }
            return sumUp(point, children);
        } finally {
            children.forEach(Child::close);
        }
    }

    /** Thousand operations a second of all children. */
    private double sumUp(Point point, List<Child> children) throws IOException {
        double rate = 0;
        for (Child child : children) {
            String[] result = child.hear().split(" ", 2);
            Latencies own = new Latencies();
            own.add(result[1]);
            rate += own.count() * 1e6 / Long.parseLong(result[0]);
            latencies.computeIfAbsent(point, each -> new Latencies()).add(result[1]);
        }
        for (Child child : children) {
            child.join();
        }
        rates.computeIfAbsent(point, each -> new ArrayList<>()).add(rate);
        return rate;
    }

    private void print(PrintStream out) {
        out.printf(
                "%nThousand operations a second of all processes: median of the rounds (%d), lowest..highest,"
                        + " times diskcache; microseconds of all rounds%n",
                plan.forks());
        for (String operation : OPERATIONS) {
            Table table = new Table("");
            for (int processes : plan.processes()) {
                table.header(operation + "@" + processes, "", "x", "p50", "p99");
            }
            for (Sharers contestant : contestants) {
                table.row(Labels.of(contestant));
                plan.processes().forEach(processes -> cells(new Point(contestant, operation, processes), table));
            }
            out.println();
            table.print(out);
        }
    }

    private void cells(Point point, Table table) {
        List<Double> values = rates.getOrDefault(point, List.of());
        List<Double> others = rates.get(new Point(Sharers.DISKCACHE, point.operation(), point.processes()));
        table.spread("%.2f", Spread.of(values));
        table.cell(
                others == null ? "" : "%.2f",
                others == null ? 0 : Spread.ofRatios(values, others).median());
        Latencies micros = latencies.getOrDefault(point, new Latencies());
        table.cell("%.1f", micros.micros(0.5)).cell("%.1f", micros.micros(0.99));
    }
}
