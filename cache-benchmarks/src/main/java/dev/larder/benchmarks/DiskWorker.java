package dev.larder.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One of several processes on one directory; {@code diskcache_worker.py} is the same for Python. Opens the cache and fills it
 * or, to {@code get}, {@code put} (over others) or {@code insert}, warms up, says {@code ready}, waits for a line, and answers with nanoseconds and {@link
 * Latencies}.
 */
final class DiskWorker {

    /** So many that nothing has to go. */
    private static final int INSERTS = 4_000_000;

    private final LarderDisk cache;

    private final int entries;

    private final byte[] value = DiskBenchmark.value();

    private DiskWorker(LarderDisk cache, int entries) {
        this.cache = cache;
        this.entries = entries;
    }

    /** Takes the directory, the operation, the number of entries, and milliseconds to warm up and to measure. */
    public static void main(String[] arguments) throws IOException {
        int bound = arguments[1].equals("insert") ? INSERTS : DiskContestants.BOUND;
        try (LarderDisk cache = new LarderDisk(Path.of(arguments[0]), bound)) {
            DiskWorker worker = new DiskWorker(cache, Integer.parseInt(arguments[2]));
            if (arguments[1].equals("fill")) {
                worker.fill();
            } else {
                worker.work(arguments[1], Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
            }
        }
    }

    private void fill() {
        for (int i = 0; i < entries; i++) {
            cache.put(DiskBenchmark.key(i), value);
        }
    }

    private void work(String operation, long warmUpMillis, long millis) throws IOException {
        run(operation, warmUpMillis, new Latencies());
        System.out.println("ready");
        String unused = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        Latencies latencies = new Latencies();
        long nanos = run(operation, millis, latencies);
        System.out.println(nanos + " " + latencies);
    }

    private long run(String operation, long millis, Latencies latencies) {
        boolean get = operation.equals("get");
        String prefix = operation.equals("insert") ? UUID.randomUUID() + ":" : "product:";
        int bound = operation.equals("insert") ? Integer.MAX_VALUE : entries;
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long before = start;
        while (before < end) {
            String key = prefix + ThreadLocalRandom.current().nextInt(bound);
            if (!get) {
                cache.put(key, value);
            } else if (cache.get(key) == null) {
                throw new IllegalStateException("No value of " + key);
            }
            long after = System.nanoTime();
            latencies.add(after - before);
            before = after;
        }
        return before - start;
    }
}
