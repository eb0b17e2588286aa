package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The speed of one contestant on disk, with values of {@value #VALUE} bytes. A fork runs a single one. All keys are asked for
 * alike often: what the page cache of the system makes of that is the same for all.
 */
public class DiskBenchmark {

    /** In bytes. */
    static final int VALUE = 1024;

    static String key(int number) {
        return "product:" + number;
    }

    /** A value that does not compress. */
    static byte[] value() {
        byte[] value = new byte[VALUE];
        new Random(1).nextBytes(value);
        return value;
    }

    /** A cache with its entries, which stay for later forks. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the setup.
    public static class Filled {

        @Param
        public DiskContestants contestant;

        @Param("")
        public String directory;

        @Param("0")
        public int entries;

        DiskContestant cache;

        String[] keys;

        final byte[] value = value();

        @Setup
        public void setUp() throws IOException {
            Path home = Path.of(directory, Labels.of(contestant));
            boolean isFilled = Files.exists(home);
            cache = contestant.open(home);
            keys = new String[entries];
            for (int i = 0; i < entries; i++) {
                keys[i] = key(i);
                if (!isFilled) {
                    cache.put(keys[i], value);
                }
            }
        }

        @TearDown
        public void tearDown() {
            cache.close();
        }
    }

    /** A cache that is empty at first, and deleted at the end. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the setup.
    public static class Empty {

        @Param
        public DiskContestants contestant;

        @Param("")
        public String directory;

        DiskContestant cache;

        private Path home;

        final byte[] value = value();

        final AtomicInteger next = new AtomicInteger();

        @Setup
        public void setUp() {
            home = Path.of(directory, Labels.of(contestant) + "-new");
            cache = contestant.open(home);
        }

        @TearDown
        public void tearDown() throws IOException {
            cache.close();
            WorkDirectory.delete(home);
        }
    }

    /** Numbers that each thread draws for itself. */
    @State(Scope.Thread)
    public static class Cursor {

        private long seed = ThreadLocalRandom.current().nextLong();

        /** A number below the bound, from a linear congruential generator: cheap, and good enough in its upper bits. */
        int random(int bound) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            return (int) (((seed >>> 33) * bound) >>> 31);
        }
    }

    /** Gets that hit. */
    @Benchmark
    public byte[] hit(Filled filled, Cursor cursor) throws IOException {
        byte[] value = filled.cache.get(filled.keys[cursor.random(filled.keys.length)]);
        if (value == null || value.length != VALUE) {
            throw new IllegalStateException("Not what was put");
        }
        return value;
    }

    /** Puts that replace. */
    @Benchmark
    public void overwrite(Filled filled, Cursor cursor) throws IOException {
        filled.cache.put(filled.keys[cursor.random(filled.keys.length)], filled.value);
    }

    /** Puts of new keys. */
    @Benchmark
    public void insert(Empty empty) throws IOException {
        empty.cache.put(key(empty.next.getAndIncrement()), empty.value);
    }
}
