package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Replays a trace: get, and put on a miss, by a single thread. For stores on disk, with the bytes written for each that was put. */
final class HitRatios {

    private HitRatios() {}

    static void run(String name, List<Integer> sizes, List<Policies> policies, PrintStream out) throws IOException {
        int[] trace = Trace.named(name);
        Table table = new Table("hits in " + name.substring(name.lastIndexOf('/') + 1));
        sizes.forEach(size -> table.header(size.toString()));
        for (Policies policy : policies) {
            table.row(Labels.of(policy));
            for (int size : sizes) {
                Contestant cache = policy.open(size);
                double percent = 100 * ratio(trace, cache);
                double written = cache.writeAmplification();
                if (written > 0) {
                    table.cell("%.2f %% (%.2f)", percent, written);
                } else {
                    table.cell("%.2f %%", percent);
                }
                cache.close();
            }
        }
        out.println();
        table.print(out);
    }

    /** The share of requests that hit, from 0 to 1. */
    static double ratio(int[] trace, Contestant cache) {
        int hits = 0;
        for (int request : trace) {
            Integer key = request;
            if (cache.get(key) != null) {
                hits++;
            } else {
                cache.put(key, key);
                cache.settle();
            }
        }
        return (double) hits / trace.length;
    }
}
