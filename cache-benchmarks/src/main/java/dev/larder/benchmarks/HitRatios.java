package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Replays a trace: get, and put on a miss, by a single thread. */
final class HitRatios {

    private HitRatios() {}

    static void run(Path file, List<Integer> sizes, List<Contestants> contestants, PrintStream out) throws IOException {
        int[] trace = Trace.read(file);
        Table table = new Table("hits in " + file.getFileName());
        sizes.forEach(size -> table.header(size.toString()));
        for (Contestants contestant : contestants) {
            table.row(Labels.of(contestant));
            for (int size : sizes) {
                table.cell("%.2f %%", 100 * ratio(trace, contestant.open(size)));
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
