package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
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

    private final PersistentContestant store;

    private final Room room;

    private final String[] keys;

    private final byte[][] values = new byte[VALUES][];

    /** The limit may give the value of another key while somebody else writes. */
    private final boolean isChecked;

    private final boolean isQueueing;

    private final AtomicIntegerArray isQueued;

    private final Deque<Integer> queue = new ArrayDeque<>();

    /**
     * Opens a store.
     *
     * @param numbers of keys there are, from 0
     */
    NumberedStore(PersistentContestants contestant, Path directory, Room room, int numbers) throws IOException {
        this.room = room;
        this.isChecked = contestant != PersistentContestants.MAPPED_FILE;
        this.isQueueing = room.isBounded() && !contestant.boundsItself();
        this.isQueued = new AtomicIntegerArray(isQueueing ? numbers : 0);
        this.keys = new String[numbers];
        for (int i = 0; i < numbers; i++) {
            keys[i] = "product:" + i;
        }
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            values[i] = new byte[room.valueSize()];
            random.nextBytes(values[i]);
            values[i][0] = (byte) i;
        }
        this.store = contestant.open(directory, room);
    }

    /** Whether the value is there; fails if it is another one. */
    boolean get(int number) throws IOException {
        byte[] value = store.get(keys[number]);
        if (value == null) {
            return false;
        }
        if (isChecked && (value.length != room.valueSize() || value[0] != (byte) number)) {
            throw new IllegalStateException("Not the value of " + keys[number]);
        }
        return true;
    }

    void put(int number) throws IOException {
        store.put(keys[number], values[number % VALUES]);
        if (isQueueing && isQueued.compareAndSet(number, 0, 1)) {
            int oldest = queue(number);
            if (oldest >= 0) {
                isQueued.set(oldest, 0);
                store.remove(keys[oldest]);
            }
        }
    }

    /** Returns the oldest if there is one too many, or -1. */
    private synchronized int queue(int number) {
        queue.add(number);
        return queue.size() > room.entries() ? queue.remove() : -1;
    }

    void remove(int number) throws IOException {
        store.remove(keys[number]);
    }

    @Override
    public void close() {
        store.close();
    }
}
