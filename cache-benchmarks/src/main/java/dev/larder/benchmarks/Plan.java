package dev.larder.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** What the command line asks for. */
final class Plan {

    static final String OPTIONS = """
              --contestants A,B,...  whom to measure
              --workloads A,B,...    all unless said otherwise; of heap: hit, mixed, putEvict;
                                     of disk: hit, overwrite, insert, processes, scale;
                                     of persistent: speed, mixed, latency, open, killed, space
              --threads N,N,...      1,2,4 unless said otherwise
              --baselines A,B,...    whom to compare with; caffeine,spring-caffeine or bare or
                                     chronicle-map,mapped-file unless said otherwise
              --forks N              rounds, with a fork for each contestant; 3 unless said otherwise
              --iterations N         to warm up, and again to measure; 4 unless said otherwise
              --time MILLIS          of an iteration; 1000 unless said otherwise
              --quick                the same as --forks 1 --iterations 2 --time 300 --entries 2000 --sizes 100,1000,10000
            For disk and persistent:
              --directory DIR        where files are made and deleted again; that for temporary files unless said otherwise
              --entries N            how many there are; 100000, for persistent 200000 unless said otherwise
              --value-size N         in bytes (persistent); 1024 unless said otherwise
              --sizes N,N,...        of stores that evict (scale); 1000,100000,1000000 unless said otherwise
              --processes N,N,...    on one directory (processes); 1,8 unless said otherwise
              --python COMMAND       a Python that has diskcache (processes); python3 unless said otherwise
            For crash and mutants:
              --rounds N             how many processes are killed with each kind of store, and how many
                                     stores lose their power, 80 times each; 100 unless said otherwise
              --seed N               chooses what they do and where they are killed; by chance unless said otherwise
              --sources DIR          of the core (mutants); cache-core/src/main/java unless said otherwise
            """;

    private List<String> contestants = List.of();

    private List<String> workloads = List.of();

    private List<Integer> threads = List.of(1, 2, 4);

    private List<String> baselines = List.of();

    private int forks = 3;

    private int iterations = 4;

    private int millis = 1000;

    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** 0 if nothing was said. */
    private int entries;

    private int valueSize = 1024;

    private List<Integer> sizes = List.of(1000, 100_000, 1_000_000);

    private List<Integer> processes = List.of(1, 8);

    private String python = "python3";

    private int rounds = 100;

    private Path sources = Path.of("cache-core/src/main/java");

    private int seed = 1 + ThreadLocalRandom.current().nextInt(999_999);

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
        entries = 2000;
        sizes = List.of(100, 1000, 10_000);
    }

    private void set(String option, String value) {
        switch (option) {
            case "--contestants" -> contestants = list(value, label -> label);
            case "--workloads" -> workloads = list(value, name -> name);
            case "--threads" -> threads = list(value, Plan::positive);
            case "--baselines" -> baselines = list(value, label -> label);
            case "--forks" -> forks = positive(value);
            case "--iterations" -> iterations = positive(value);
            case "--time" -> millis = positive(value);
            case "--directory" -> directory = Path.of(value);
            case "--entries" -> entries = positive(value);
            case "--value-size" -> valueSize = positive(value);
            case "--sizes" -> sizes = list(value, Plan::positive);
            case "--processes" -> processes = list(value, Plan::positive);
            case "--python" -> python = value;
            case "--rounds" -> rounds = positive(value);
            case "--seed" -> seed = positive(value);
            case "--sources" -> sources = Path.of(value);
            default -> throw new IllegalArgumentException("There is no option %s".formatted(option));
        }
    }

    private static <T> List<T> list(String value, Function<String, T> element) {
        return Arrays.stream(value.split(",")).map(element).toList();
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

    /**
     * Whom to measure, in the order of the table.
     *
     * @throws IllegalArgumentException if there is no such contestant
     */
    <E extends Enum<E>> List<E> contestants(Class<E> type, List<E> unlessSaid) {
        return contestants.isEmpty() ? unlessSaid : find(type, contestants);
    }

    /** Whom to compare with. */
    <E extends Enum<E>> List<E> baselines(Class<E> type, List<E> unlessSaid) {
        return baselines.isEmpty() ? unlessSaid : find(type, baselines);
    }

    private static <E extends Enum<E>> List<E> find(Class<E> type, List<String> labels) {
        return labels.stream().map(label -> Labels.find(type, label)).toList();
    }

    /**
     * What to measure.
     *
     * @param all what there is
     * @throws IllegalArgumentException if something else was asked for
     */
    List<String> workloads(List<String> all) {
        for (String name : workloads) {
            if (!all.contains(name)) {
                throw new IllegalArgumentException(
                        "There is no workload '%s'; choose from %s".formatted(name, String.join(", ", all)));
            }
        }
        return workloads.isEmpty() ? all : workloads;
    }

    List<Integer> threads() {
        return threads;
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

    /** Where to make files. */
    Path directory() {
        return directory;
    }

    /** How many are on disk. */
    int entries(int unlessSaid) {
        return entries == 0 ? unlessSaid : entries;
    }

    /** Of values on disk, in bytes. */
    int valueSize() {
        return valueSize;
    }

    /** Of stores that evict, in entries. */
    List<Integer> sizes() {
        return sizes;
    }

    /** How many at a time. */
    List<Integer> processes() {
        return processes;
    }

    /** The command that starts Python. */
    String python() {
        return python;
    }

    /** How many processes to kill. */
    int rounds() {
        return rounds;
    }

    /** Where the sources of the core are. */
    Path sources() {
        return sources;
    }

    /** What chance begins with. */
    int seed() {
        return seed;
    }

    /** What is not an option. */
    List<String> rest() {
        return rest;
    }
}
