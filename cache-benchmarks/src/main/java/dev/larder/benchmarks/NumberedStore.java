package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A store whose keys are numbers to the benchmark, with the value that belongs to each. If the store does not evict by itself
 * the oldest entry is removed for it as soon as there is one too many, from a queue of numbers in heap: the least that whoever
 * used it as a cache would have to do. As thread-safe as the store.
 */
final class NumberedStore implements AutoCloseable {

    /** As many different values as the first byte tells apart. */
    private static final int VALUES = 256;

    /** More keys would need more heap than some stores do; then each is made when it is used. */
    private static final int MAX_KEPT = 1_000_000;

    private final PersistentContestant store;

    private final Room room;

    /** Empty if there are more than {@link #MAX_KEPT}. */
    private final String[] keys;

    private final byte[][] values = new byte[VALUES][];

    /** The limit may give the value of another key while somebody else writes. */
    private final boolean isChecked;

    private final boolean isQueueing;

    private final AtomicIntegerArray isQueued;

    private final Deque<Integer> queue = new ArrayDeque<>();

    private final long opening;

    /**
     * Opens a store.
     *
     * @param numbers of keys there are, from 0
     */
    NumberedStore(PersistentContestants contestant, Path directory, Room room, int numbers) throws IOException {
        this.room = room;
        this.isChecked = contestant.isPersistent();
        this.isQueueing = room.isBounded() && !contestant.boundsItself();
        this.isQueued = new AtomicIntegerArray(isQueueing ? numbers : 0);
        this.keys = new String[numbers > MAX_KEPT ? 0 : numbers];
        Arrays.setAll(keys, DiskBenchmark::key);
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            values[i] = new byte[room.valueSize()];
            random.nextBytes(values[i]);
            values[i][0] = (byte) i;
        }
        this.opening = System.nanoTime();
        this.store = contestant.open(directory, room);
    }

    /** When the store began to open, with all that is the benchmark's own done before; as {@link System#nanoTime}. */
    long opening() {
        return opening;
    }

    /** Whether the value is there; fails if it is another one. */
    boolean get(int number) throws IOException {
        byte[] value = store.get(key(number));
        if (value == null) {
            return false;
        }
        if (isChecked && (value.length != room.valueSize() || value[0] != (byte) number)) {
            throw new IllegalStateException("Not the value of " + key(number));
        }
        return true;
    }

    private String key(int number) {
        return keys.length == 0 ? DiskBenchmark.key(number) : keys[number];
    }

    void put(int number) throws IOException {
        store.put(key(number), values[number % VALUES]);
        if (isQueueing && isQueued.compareAndSet(number, 0, 1)) {
            int oldest = queue(number);
            if (oldest >= 0) {
                isQueued.set(oldest, 0);
                store.remove(key(oldest));
            }
        }
    }

    /** Returns the oldest if there is one too many, or -1. */
    private synchronized int queue(int number) {
        queue.add(number);
        return queue.size() > room.entries() ? queue.remove() : -1;
    }

    void remove(int number) throws IOException {
        store.remove(key(number));
    }

    @Override
    public void close() {
        store.close();
    }
}
