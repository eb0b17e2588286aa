package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.List;
import org.openjdk.jol.info.GraphStats;

/** Measures what an entry costs in heap beside its key and value. */
final class HeapBytes {

    static final int ENTRIES = 50_000;

    private HeapBytes() {}

    static void run(List<Contestants> contestants, PrintStream out) {
        Table table = new Table("heap bytes per entry");
        table.header("");
        for (Contestants contestant : contestants) {
            table.row(Labels.of(contestant)).cell("%.1f", perEntry(contestant, ENTRIES));
        }
        out.println();
        table.print(out);
    }

    /**
     * What a full cache adds to the heap that a cache with a single entry, keys and values already reach, divided by the
     * entries. What all caches share, such as threads and class loaders, is thus not counted.
     */
    static double perEntry(Contestants contestant, int entries) {
        // Otherwise JOL gives up at the first record or lambda.
        System.setProperty("jol.magicFieldOffset", "true");
        String[] keys = new String[entries];
        String[] values = new String[entries];
        for (int i = 0; i < entries; i++) {
            keys[i] = "product:" + i;
            values[i] = "value:" + i;
        }
        Contestant other = filled(contestant, keys, values, 1);
        // Shared threads may reach caches that nobody uses any more.
        System.gc();
        long without = GraphStats.parseInstance(other, keys, values).totalSize();
        Contestant full = filled(contestant, keys, values, entries);
        long with = GraphStats.parseInstance(full, other, keys, values).totalSize();
        return (double) (with - without) / full.size();
    }

    private static Contestant filled(Contestants contestant, String[] keys, String[] values, int entries) {
        Contestant cache = contestant.open(keys.length);
        for (int i = 0; i < entries; i++) {
            cache.put(keys[i], values[i]);
        }
        cache.settle();
        return cache;
    }
}
