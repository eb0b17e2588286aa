package dev.larder.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The speed of one contestant in heap. A fork runs a single one, so that calls to it are inlined alike for all.
 *
 * <p>Keys are product numbers as strings, asked for by Zipf's law.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and calls the setup.
public class HeapBenchmark {

    static final int ENTRIES = 100_000;

    /** Guava and cache2k divide their bound among segments; without some room they would evict before it is reached. */
    static final int BOUND = ENTRIES + ENTRIES / 16;

    /** Not fewer: a contestant should not come to know the requests by heart. Not more: filling takes time at each fork. */
    private static final int REQUESTS = 1 << 20;

    @Param
    public Contestants contestant;

    Contestant cache;

    private String[] keys;

    /** The keys that are asked for, one after another; as many as a power of two. */
    private String[] requests;

    @Setup
    public void setUp() {
        setUp(contestant, REQUESTS);
    }

    void setUp(Contestants which, int requestCount) {
        keys = new String[BOUND * 4];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "product:" + i;
        }
        int[] items = new Zipf(ENTRIES, 0.99).requests(requestCount, 1);
        requests = new String[requestCount];
        for (int i = 0; i < requestCount; i++) {
            requests[i] = keys[items[i]];
        }
        cache = which.open(BOUND);
        for (int i = 0; i < ENTRIES; i++) {
            cache.put(keys[i], "value:" + i);
        }
        cache.settle();
    }

    /** Gets that hit. */
    @Benchmark
    public @Nullable Object hit(Cursor cursor) {
        return cache.get(requests[cursor.next() & (requests.length - 1)]);
    }

    /** Three gets that hit, then a put that replaces. */
    @Benchmark
    public @Nullable Object mixed(Cursor cursor) {
        int next = cursor.next();
        String key = requests[next & (requests.length - 1)];
        if ((next & 3) == 0) {
            cache.put(key, "other");
            return null;
        }
        return cache.get(key);
    }

    /** Puts of four times as many keys as there is room for, all alike: three of four evict. */
    @Benchmark
    public void putEvict(Cursor cursor) {
        cache.put(keys[cursor.random(keys.length)], "other");
    }

    /** Where a thread is. Each starts elsewhere. */
    @State(Scope.Thread)
    public static class Cursor {

        private int position = ThreadLocalRandom.current().nextInt(REQUESTS);

        private long seed = ThreadLocalRandom.current().nextLong();

        int next() {
            return position++;
        }

        /** A number below the bound, from a linear congruential generator: cheap, and good enough in its upper bits. */
        int random(int bound) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            return (int) (((seed >>> 33) * bound) >>> 31);
        }
    }
}
