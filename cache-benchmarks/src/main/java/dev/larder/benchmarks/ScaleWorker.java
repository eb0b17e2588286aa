package dev.larder.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Measures one store that evicts, in a process of its own: fills it, or prints what {@link DiskScale} asks for. */
final class ScaleWorker {

    /** Enough for a median, few enough that it is over soon. */
    private static final int OPENINGS = 25;

    private final Path directory;

    private final int entries;

    private final byte[] value = new byte[100];

    private ScaleWorker(Path directory, int entries) {
        this.directory = directory;
        this.entries = entries;
    }

    /** Takes the directory, the operation, the number of entries, and milliseconds to warm up and to measure. */
    public static void main(String[] arguments) throws IOException {
        ScaleWorker worker = new ScaleWorker(Path.of(arguments[0]), Integer.parseInt(arguments[2]));
        if (arguments[1].equals("fill")) {
            worker.fill();
        } else {
            worker.measure(Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
        }
    }

    private void fill() {
        try (LarderDisk cache = new LarderDisk(directory, entries)) {
            IntStream.range(0, entries).parallel().forEach(i -> cache.put(DiskBenchmark.key(i), value));
        }
    }

    private void measure(long warmUpMillis, long millis) throws IOException {
        Latencies puts = new Latencies();
        double meanMicros;
        long heap;
        long size;
        try (LarderDisk cache = new LarderDisk(directory, entries)) {
            double unused = put(cache, warmUpMillis, new Latencies());
            meanMicros = put(cache, millis, puts);
            heap = heap();
            size = cache.size();
        }
        System.out.printf(
                Locale.ROOT,
                "%d %f %f %f %f %f %d%n",
                size,
                meanMicros,
                puts.micros(0.5),
                puts.micros(0.99),
                openMillis(false),
                openMillis(true),
                heap);
    }

    /** Puts new keys, and returns the mean in microseconds. */
    private double put(LarderDisk cache, long millis, Latencies latencies) {
        String prefix = Long.toHexString(ThreadLocalRandom.current().nextLong()) + ":";
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long before = start;
        int puts = 0;
        while (before < end) {
            cache.put(prefix + puts++, value);
            long after = System.nanoTime();
            latencies.add(after - before);
            before = after;
        }
        return (before - start) / 1e3 / puts;
    }

    /** Used bytes, with the store open. */
    private static long heap() {
        // The second time after what the first one left to finalizers and cleaners.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The median of what it takes to open this store, or one that is empty. */
    private double openMillis(boolean empty) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < OPENINGS; i++) {
            Path home = empty ? directory.resolveSibling(directory.getFileName() + "-empty") : directory;
            if (empty) {
                // There already, as the other one is: what it takes to make directories is not the question.
                new LarderDisk(home, entries).close();
            }
            long start = System.nanoTime();
            LarderDisk cache = new LarderDisk(home, entries);
            millis.add((System.nanoTime() - start) / 1e6);
            cache.close();
        }
        return Spread.of(millis).median();
    }
}
