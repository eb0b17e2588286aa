package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Measures one store in a process of its own, and prints {@value #RESULT}{@code NAME=VALUE …}. */
final class PersistentWorker {

    /** How the line begins that others than the store wrote. */
    static final String RESULT = "result ";

    private static final int OVERWRITES = 5;

    /** Keys to look for until a store has all of them: few enough to take no time, enough to be everywhere. */
    private static final int SAMPLE = 1000;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Filling is measured once and is over soon, so the compiler has to be through by then. */
    private static final int WARM_UP_FACTOR = 3;

    /** Requests before they repeat; as many as a power of two. */
    private static final int REQUESTS = 1 << 20;

    private final PersistentContestants contestant;

    private final Path directory;

    private final int entries;

    private final int valueSize;

    private final long millis;

    private final List<Integer> threads;

    private final Map<String, Double> results = new LinkedHashMap<>();

    private PersistentWorker(String[] arguments) {
        contestant = PersistentContestants.valueOf(arguments[1]);
        directory = Path.of(arguments[2]);
        entries = Integer.parseInt(arguments[3]);
        valueSize = Integer.parseInt(arguments[4]);
        millis = Long.parseLong(arguments[5]);
        threads = Arrays.stream(arguments[6].split(",")).map(Integer::valueOf).toList();
    }

    /**
     * Takes the operation, the contestant, the directory, the number of entries, the size of values in bytes, milliseconds to
     * warm up and again to measure, and the numbers of threads.
     */
    public static void main(String[] arguments) throws IOException {
        PersistentWorker worker = new PersistentWorker(arguments);
        switch (arguments[0]) {
            case "speed" -> worker.speed();
            case "mixed" -> worker.mixed();
            case "latency" -> worker.latency();
            case "fill" -> worker.fill();
            case "fill-and-die" -> worker.fillAndDie();
            case "open" -> worker.open();
            case "space" -> worker.space();
            case "check" -> worker.check();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        StringJoiner line = new StringJoiner(" ", RESULT, "");
        worker.results.forEach((name, value) -> line.add(name + "=" + String.format(Locale.ROOT, "%f", value)));
        System.out.println(line);
    }

    private NumberedStore unbounded(Path home) throws IOException {
        return new NumberedStore(contestant, home, new Room(entries, valueSize, false), entries);
    }

    /** A store with room for half of the entries, as if it had been in use for a while. */
    private NumberedStore half() throws IOException {
        NumberedStore store = new NumberedStore(contestant, directory, new Room(entries / 2, valueSize, true), entries);
        fill(store, Long.MAX_VALUE);
        return store;
    }

    private void fill(NumberedStore store, long atMostMillis) throws IOException {
        long end = atMostMillis == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
        for (int i = 0; i < entries && (i % 64 != 0 || System.nanoTime() < end); i++) {
            store.put(i);
        }
    }

    private void fill() throws IOException {
        try (NumberedStore store = unbounded(directory)) {
            fill(store, Long.MAX_VALUE);
        }
    }

    /** Puts of new keys by one thread, then gets that hit, of keys that are asked for alike often. */
    private void speed() throws IOException {
        warmUpToFill();
        try (NumberedStore store = unbounded(directory)) {
            long start = System.nanoTime();
            fill(store, Long.MAX_VALUE);
            results.put("fill", entries * 1e6 / (System.nanoTime() - start));
            WorkDirectory.force(directory);
            // So that caches are as full as they get.
            for (int i = 0; i < entries; i++) {
                boolean unused = store.get(i);
            }
            for (int count : threads) {
                measure("hit@" + count, count, random -> {
                    if (!store.get(random.nextInt(entries))) {
                        throw new IllegalStateException("A key that was put is not there");
                    }
                });
            }
        }
    }

    /** Fills other stores: one is full before its code is compiled. */
    private void warmUpToFill() throws IOException {
        Path other = directory.resolveSibling(directory.getFileName() + "-warm");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WARM_UP_FACTOR * millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try (NumberedStore store = unbounded(other)) {
                fill(store, TimeUnit.NANOSECONDS.toMillis(left));
            }
            WorkDirectory.delete(other);
        }
    }

    /** Of ten operations one puts and the others get, and put what they miss; keys by Zipf's law. */
    private void mixed() throws IOException {
        int[] requests = requests();
        try (NumberedStore store = half()) {
            for (int count : threads) {
                measure("mixed@" + count, count, random -> {
                    int number = requests[random.nextInt() & (REQUESTS - 1)];
                    if (random.nextInt(10) == 0 || !store.get(number)) {
                        store.put(number);
                    }
                });
            }
        }
    }

    /** The same by one thread, which looks at the clock before and after each call of the store. */
    private void latency() throws IOException {
        int[] requests = requests();
        try (NumberedStore store = half()) {
            latency(store, requests, new Latencies(), new Latencies());
            Latencies gets = new Latencies();
            Latencies puts = new Latencies();
            latency(store, requests, gets, puts);
            put("get", gets);
            put("put", puts);
        }
    }

    private void put(String name, Latencies latencies) {
        results.put(name + "-p50", latencies.micros(0.5));
        results.put(name + "-p99", latencies.micros(0.99));
        results.put(name + "-p99.9", latencies.micros(0.999));
    }

    private void latency(NumberedStore store, int[] requests, Latencies gets, Latencies puts) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long before = System.nanoTime();
        long end = before + TimeUnit.MILLISECONDS.toNanos(millis);
        while (before < end) {
            int number = requests[random.nextInt() & (REQUESTS - 1)];
            boolean isPut = random.nextInt(10) == 0;
            if (!isPut) {
                before = System.nanoTime();
                isPut = !store.get(number);
                gets.add(System.nanoTime() - before);
            }
            if (isPut) {
                before = System.nanoTime();
                store.put(number);
                puts.add(System.nanoTime() - before);
            }
        }
    }

    /** Numbers of keys by Zipf's law. */
    private int[] requests() {
        return new Zipf(entries, 0.99).requests(REQUESTS, 1);
    }

    /** Ends as abruptly as a process that is killed. */
    private void fillAndDie() throws IOException {
        fill(unbounded(directory), Long.MAX_VALUE);
        System.out.println(RESULT);
        Runtime.getRuntime().halt(0);
    }

    /** What another process filled: with the classes and the native code that it takes. */
    private void open() {
        results.put("open", Double.NaN);
        results.put("first-hit", Double.NaN);
        results.put("complete", Double.NaN);
        results.put("found%", 0.0);
        try (NumberedStore store = unbounded(directory)) {
            results.put("open", (System.nanoTime() - store.opening()) / 1e6);
            results.put("first-hit", await(store, entries));
            results.put("complete", await(store, Math.max(1, entries / SAMPLE)));
            long found = 0;
            for (int i = 0; i < entries; i++) {
                found += store.get(i) ? 1 : 0;
            }
            results.put("found%", 100.0 * found / entries);
        } catch (IOException | RuntimeException ex) {
            System.err.println(Labels.of(contestant) + " does not open: " + ex);
        }
    }

    /** The milliseconds from the opening until every so many keys were found, which some stores are still about to do. */
    private double await(NumberedStore store, int step) throws IOException {
        for (int i = 0; i < entries; i += step) {
            while (!store.get(i)) {
                if (System.nanoTime() - store.opening() > PATIENCE_NANOS) {
                    return Double.NaN;
                }
                Thread.onSpinWait();
            }
        }
        return (System.nanoTime() - store.opening()) / 1e6;
    }

    /** The bytes that the file system takes for each byte of the values, after each was written several times. */
    private void space() throws IOException {
        try (NumberedStore store = unbounded(directory)) {
            fill(store, Long.MAX_VALUE);
            for (int round = 0; round < OVERWRITES; round++) {
                for (int i = 0; i < entries; i++) {
                    // Every number once, in no order: the step is a prime.
                    store.put((int) ((i * 7919L + round) % entries));
                }
            }
            results.put("open", perByte());
        }
        results.put("closed", perByte());
    }

    private double perByte() throws IOException {
        return (double) allocated(directory) / ((double) entries * valueSize);
    }

    /** What POSIX says, which knows of holes in files, or the lengths of the files. */
    private static long allocated(Path directory) throws IOException {
        try {
            Process process = new ProcessBuilder("du", "-sk", directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Long.parseLong(line.substring(0, line.indexOf('\t'))) << 10;
        } catch (IOException ex) {
            try (Stream<Path> files = Files.walk(directory)) {
                return files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
        }
    }

    /** Whether the store is one: fails unless it has what was put last, also after it was opened again. */
    private void check() throws IOException {
        try (NumberedStore store = unbounded(directory)) {
            fill(store, Long.MAX_VALUE);
            for (int i = 0; i < entries; i += 3) {
                store.remove(i);
            }
            for (int i = 0; i < entries; i += 6) {
                store.put(i);
            }
            results.put("wrong", (double) wrong(store));
        }
        if (contestant.isPersistent()) {
            try (NumberedStore store = unbounded(directory)) {
                results.put("wrong-again", (double) wrong(store));
            }
        }
        Path other = directory.resolveSibling(directory.getFileName() + "-half");
        int room = entries / 2;
        try (NumberedStore store = new NumberedStore(contestant, other, new Room(room, valueSize, true), entries)) {
            fill(store, Long.MAX_VALUE);
            int kept = 0;
            for (int i = 0; i < entries; i++) {
                kept += store.get(i) ? 1 : 0;
            }
            results.put("kept", (double) kept);
        }
    }

    private long wrong(NumberedStore store) throws IOException {
        long wrong = 0;
        for (int i = 0; i < entries; i++) {
            boolean isExpected = i % 3 != 0 || i % 6 == 0;
            wrong += store.get(i) == isExpected ? 0 : 1;
        }
        return wrong;
    }

    /** Warms up, and notes thousands of operations a second. */
    private void measure(String name, int count, LoopingThreads.Operation operation) throws IOException {
        double unused = LoopingThreads.run(count, millis, operation);
        results.put(name, LoopingThreads.run(count, millis, operation));
    }
}
