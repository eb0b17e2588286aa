package dev.larder.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What the command line asks for. */
final class Plan {

    static final String OPTIONS = """
              --contestants A,B,...  whom to measure
              --workloads A,B,...    of hit, mixed, putEvict; all unless said otherwise
              --threads N,N,...      1,2,4 unless said otherwise
              --baselines A,B,...    whom to compare with; caffeine,spring-caffeine unless said otherwise
              --forks N              rounds, with a fork for each contestant; 3 unless said otherwise
              --iterations N         to warm up, and again to measure; 4 unless said otherwise
              --time MILLIS          of an iteration; 1000 unless said otherwise
              --quick                the same as --forks 1 --iterations 2 --time 300
            """;

    private static final List<String> WORKLOADS = List.of("hit", "mixed", "putEvict");

    private List<Contestants> contestants = List.of();

    private List<String> workloads = WORKLOADS;

    private List<Integer> threads = List.of(1, 2, 4);

    private List<Contestants> baselines = List.of(Contestants.CAFFEINE, Contestants.SPRING_CAFFEINE);

    private int forks = 3;

    private int iterations = 4;

    private int millis = 1000;

    private final List<String> rest = new ArrayList<>();

    private Plan() {}

    /**
     * Reads the arguments that follow the command.
     *
     * @throws IllegalArgumentException for one that does not exist or has an impossible value
     */
    static Plan parse(List<String> arguments) {
        Plan plan = new Plan();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                plan.rest.add(argument);
            } else if (argument.equals("--quick")) {
                plan.quick();
            } else if (i + 1 < arguments.size()) {
                plan.set(argument, arguments.get(++i));
            } else {
                throw new IllegalArgumentException("Option %s does not exist, or needs a value".formatted(argument));
            }
        }
        return plan;
    }

    private void quick() {
        forks = 1;
        iterations = 2;
        millis = 300;
    }

    private void set(String option, String value) {
        switch (option) {
            case "--contestants" -> contestants = list(value, Contestants::of);
            case "--workloads" -> workloads = list(value, Plan::workload);
            case "--threads" -> threads = list(value, Plan::positive);
            case "--baselines" -> baselines = list(value, Contestants::of);
            case "--forks" -> forks = positive(value);
            case "--iterations" -> iterations = positive(value);
            case "--time" -> millis = positive(value);
            default -> throw new IllegalArgumentException("There is no option %s".formatted(option));
        }
    }

    private static <T> List<T> list(String value, Function<String, T> element) {
        return Arrays.stream(value.split(",")).map(element).toList();
    }

    private static String workload(String name) {
        if (!WORKLOADS.contains(name)) {
            throw new IllegalArgumentException(
                    "There is no workload '%s'; choose from %s".formatted(name, String.join(", ", WORKLOADS)));
        }
        return name;
    }

    /**
     * A whole number above zero.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static int positive(String value) {
        if (!value.matches("0*[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("Expected a number of 1 or more, but found '%s'".formatted(value));
        }
        return Integer.parseInt(value);
    }

    /** Whom to measure, in the order of the table. */
    List<Contestants> contestants(List<Contestants> unlessSaid) {
        return contestants.isEmpty() ? unlessSaid : contestants;
    }

    /** Methods of {@link HeapBenchmark}. */
    List<String> workloads() {
        return workloads;
    }

    List<Integer> threads() {
        return threads;
    }

    List<Contestants> baselines() {
        return baselines;
    }

    int forks() {
        return forks;
    }

    int iterations() {
        return iterations;
    }

    Duration time() {
        return Duration.ofMillis(millis);
    }

    /** What is not an option. */
    List<String> rest() {
        return rest;
    }
}
