package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares stores on disk. Each measurement is a process of its own, and in each round every contestant has its turn next to
 * the others, because the speed of a machine drifts.
 */
final class PersistentSpeed {

    /** What a {@link PersistentWorker} does, and how the table says what it measured. */
    private static final Map<String, String> TITLES = titles();

    private static final List<String> WITH_RATIOS = List.of("speed", "mixed");

    private final Plan plan;

    private final List<PersistentContestants> contestants;

    private final List<PersistentContestants> baselines;

    private final PrintStream progress;

    /** Values by workload, name and contestant. */
    private final Map<String, Map<String, Map<PersistentContestants, List<Double>>>> results = new LinkedHashMap<>();

    private PersistentSpeed(Plan plan, PrintStream progress) {
        this.plan = plan;
        this.contestants = plan.contestants(PersistentContestants.class, Arrays.asList(PersistentContestants.values()));
        this.baselines = plan
                .baselines(
                        PersistentContestants.class,
                        List.of(PersistentContestants.CHRONICLE_MAP, PersistentContestants.MAPPED_FILE))
                .stream()
                .filter(contestants::contains)
                .toList();
        this.progress = progress;
    }

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("speed", "Thousand operations a second: puts of new keys, gets that hit (threads)");
        titles.put("mixed", "Thousand operations a second with room for half of the keys (threads)");
        titles.put("latency", "Microseconds, by one thread, with room for half of the keys");
        titles.put("open", "Opening after an orderly close: milliseconds, and how much is there");
        titles.put("killed", "Opening after the process was killed: milliseconds, and how much is there");
        titles.put("space", "Bytes on disk for each byte of the values, after each was written six times");
        return titles;
    }

    static void run(Plan plan, PrintStream out, PrintStream progress) throws IOException {
        PersistentSpeed speed = new PersistentSpeed(plan, progress);
        List<String> workloads = plan.workloads(List.copyOf(TITLES.keySet()));
        try (WorkDirectory work = new WorkDirectory(plan.directory())) {
            for (int round = 1; round <= plan.forks(); round++) {
                for (String workload : workloads) {
                    speed.round(round, workload, work.path());
                }
            }
        }
        speed.print(out);
    }

    private void round(int round, String workload, Path work) throws IOException {
        for (PersistentContestants contestant : contestants) {
            if (!contestant.isPersistent() && List.of("open", "killed", "space").contains(workload)) {
                continue;
            }
            Path home = work.resolve(Labels.of(contestant));
            Map<String, Double> measured;
            try {
                measured = switch (workload) {
                    case "open" -> measureOpening("fill", contestant, home);
                    case "killed" -> measureOpening("fill-and-die", contestant, home);
                    default -> measure(workload, contestant, home, plan);
                };
            } finally {
                WorkDirectory.delete(home);
            }
            progress.printf("round %d of %d: %s %s%n", round, plan.forks(), Labels.of(contestant), measured);
            measured.forEach((name, value) -> results.computeIfAbsent(workload, key -> new LinkedHashMap<>())
                    .computeIfAbsent(name, key -> new EnumMap<>(PersistentContestants.class))
                    .computeIfAbsent(contestant, key -> new ArrayList<>())
                    .add(value));
        }
    }

    /** Lets one process fill a store, and another one open it. */
    private Map<String, Double> measureOpening(String fill, PersistentContestants contestant, Path home)
            throws IOException {
        Map<String, Double> unused = measure(fill, contestant, home, plan);
        return measure("open", contestant, home, plan);
    }

    /** Lets a process measure. */
    static Map<String, Double> measure(String workload, PersistentContestants contestant, Path home, Plan plan)
            throws IOException {
        List<String> command = Child.java(
                jvmOptions(Runtime.version().feature()),
                PersistentWorker.class,
                workload,
                contestant.name(),
                home,
                plan.entries(200_000),
                plan.valueSize(),
                plan.time().toMillis() * plan.iterations(),
                plan.threads().stream().map(String::valueOf).collect(Collectors.joining(",")));
        try (Child child = Child.start(command)) {
            String line = child.hear();
            while (!line.startsWith(PersistentWorker.RESULT)) {
                line = child.hear();
            }
            child.join();
            return parse(line.substring(PersistentWorker.RESULT.length()));
        }
    }

    private static Map<String, Double> parse(String line) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String part : line.isEmpty() ? new String[0] : line.split(" ", -1)) {
            int equals = part.indexOf('=');
            values.put(part.substring(0, equals), Double.valueOf(part.substring(equals + 1)));
        }
        return values;
    }

    /** What Chronicle Map and LMDB need, the same for all, with a heap that is large enough for the caches of some. */
    private static List<String> jvmOptions(int release) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms1g",
                "-Xmx1g",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                // It would tell its makers that it is used.
                "-Dchronicle.analytics.disable=true",
                "-Dchronicle.announcer.disable=true",
                "-Dchronicle.disk.monitor.disable=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        if (release >= 24) {
            options.add("--sun-misc-unsafe-memory-access=allow");
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        return options;
    }

    private void print(PrintStream out) {
        out.printf(
                "%d values of %d bytes: median of the rounds (%d), lowest..highest%s%n",
                plan.entries(200_000),
                plan.valueSize(),
                plan.forks(),
                baselines.isEmpty() ? "" : ", and times " + Labels.all(baselines));
        results.forEach((workload, byName) -> {
            Table table = new Table("");
            boolean hasRatios = WITH_RATIOS.contains(workload);
            byName.keySet().forEach(name -> {
                table.header(name, "");
                (hasRatios ? baselines : List.<PersistentContestants>of())
                        .forEach(baseline -> table.header("x " + Labels.of(baseline)));
            });
            for (PersistentContestants contestant : contestants) {
                table.row(Labels.of(contestant));
                byName.values().forEach(values -> cells(table, contestant, values, hasRatios));
            }
            out.printf("%n%s%n%n", TITLES.get(workload));
            table.print(out);
        });
        out.printf("%nWhat they are, and what they give up:%n%n");
        contestants.forEach(each -> out.printf("  %s: %s%n", Labels.of(each), each.terms()));
    }

    private void cells(
            Table table,
            PersistentContestants contestant,
            Map<PersistentContestants, List<Double>> values,
            boolean hasRatios) {
        List<Double> own = values.getOrDefault(contestant, List.of());
        List<Double> known = own.stream().filter(value -> !value.isNaN()).toList();
        if (known.isEmpty()) {
            table.cell("-").cell("");
        } else {
            table.spread("%.2f", Spread.of(known));
        }
        for (PersistentContestants baseline : hasRatios ? baselines : List.<PersistentContestants>of()) {
            List<Double> others = values.getOrDefault(baseline, List.of());
            if (own.isEmpty() || others.isEmpty()) {
                table.cell("-");
            } else {
                table.cell("%.2f", Spread.ofRatios(own, others).median());
            }
        }
    }
}
