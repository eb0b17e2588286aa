package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** The command line. Tables go to standard output, progress goes to standard error. */
public final class Main {

    private static final String USAGE = """
            Usage: java -jar benchmarks.jar COMMAND [OPTION...] [FILE SIZE...]

              heap             operations a second, in forks of their own
              bytes            heap for each entry, beside its key and value
              disk             the same of caches on disk, between processes, and of large stores
              persistent       stores on disk next to their peers
              crash            stores of segments, whose processes are killed and whose power is lost again and again; all keys are looked at
              mutants [NAME...]  what notices when the store of segments is broken in one way after another; needs its sources
              trace FILE SIZE...  hit ratios over a file of 32-bit big-endian integers, plain or in xz, or over zipf:ITEMS
              all [FILE SIZE...]  heap, bytes, and trace if there is a file

            Options:
            """;

    private static final List<Contestants> ALL = List.of(Contestants.values());

    private Main() {}

    /** Runs a command, and exits with 2 if it makes no sense, with 1 if it fails. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream errors) {
        try {
            if (arguments.isEmpty()) {
                throw new IllegalArgumentException("Which command?");
            }
            run(arguments.get(0), Plan.parse(arguments.subList(1, arguments.size())), out, errors);
            return 0;
        } catch (IllegalArgumentException ex) {
            errors.println(ex.getMessage() + "\n\n" + USAGE + Plan.OPTIONS);
            return 2;
        } catch (IOException | RunnerException ex) {
            errors.println(ex);
            return 1;
        }
    }

    private static void run(String command, Plan plan, PrintStream out, PrintStream errors)
            throws IOException, RunnerException {
        switch (command) {
            case "heap" -> HeapSpeed.run(plan, plan.contestants(Contestants.class, ALL), out, errors);
            case "bytes" -> HeapBytes.run(plan.contestants(Contestants.class, ALL), out);
            case "disk" -> DiskSpeed.run(plan, out, errors);
            case "persistent" -> PersistentSpeed.run(plan, out, errors);
            case "crash" -> Crash.run(plan, out, errors);
            case "mutants" -> Mutants.run(plan, out);
            case "trace" -> trace(plan, out);
            case "all" -> {
                HeapSpeed.run(plan, plan.contestants(Contestants.class, ALL), out, errors);
                HeapBytes.run(plan.contestants(Contestants.class, ALL), out);
                if (!plan.rest().isEmpty()) {
                    trace(plan, out);
                }
            }
            default -> throw new IllegalArgumentException("There is no command '%s'".formatted(command));
        }
    }

    private static void trace(Plan plan, PrintStream out) throws IOException {
        if (plan.rest().size() < 2) {
            throw new IllegalArgumentException("A trace needs a file and at least one size, in entries");
        }
        List<Integer> sizes = plan.rest().stream().skip(1).map(Plan::positive).toList();
        HitRatios.run(plan.rest().get(0), sizes, plan.contestants(Policies.class, List.of(Policies.values())), out);
    }
}
