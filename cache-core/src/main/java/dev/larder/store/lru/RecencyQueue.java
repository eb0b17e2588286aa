package dev.larder.store.lru;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an {@link LruStore} by last use, so that the least recently used one is found without moving anything when
 * an entry is used.
 *
 * <p>A hit only writes the number of the use into the node. Here the node stays where an earlier use put it, which makes its
 * place a lower bound. Polling looks at the lowest place, and puts nodes that have been used since to where they belong
 * now; so what it returns is exactly the least recently used node. A node moves at most once for each time it was used, and
 * once or twice on its way down.
 *
 * <p>This is a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, 1990) whose keys grow behind its back. A bucket holds the uses
 * that first differ from the {@link #floor} in the same digit and have the same value there:
 *
 * <pre>
 *   level 0: 64 buckets of one use each | level 1: 64 buckets of 64 uses | level 2: 64 of 4096 | ...
 * </pre>
 *
 * <p>The lowest bucket is spread over the levels below it when it is large, and sorted into a <em>run</em> when it is small.
 * Both read the nodes one after another from an array, so the processor fetches many at a time; that is why nodes are not
 * linked to each other.
 *
 * <p>Nodes that are removed from the store stay until they are come upon, or until they outnumber the others.
 *
 * <p>Not thread-safe: guarded by the store's lock, while nodes are being used.
 */
final class RecencyQueue<K, V> {

    /** A level's occupied buckets fit into one {@code long}. */
    private static final int DIGIT_BITS = 6;

    private static final int BUCKETS = 1 << DIGIT_BITS;

    /** 60 bits of uses: at a billion a second they last for 36 years. */
    private static final int LEVELS = 10;

    /**
     * The largest bucket that is sorted. Not smaller: a bucket of level 2 should need no further step. Not larger: the
     * nodes of a run should still be in the processor's cache when they are polled.
     */
    private static final int MAX_RUN = 4096;

    /** Where the index of a node ends and its use begins while a run is sorted. */
    private static final int INDEX_BITS = 32;

    /** The highest level whose buckets span few enough uses to leave room for an index. */
    private static final int MAX_SORTED_LEVEL = 5;

    /** Removed nodes that are always tolerated; fewer would have small stores clean up all the time. */
    private static final int TOLERATED = 64;

    private final @Nullable Bucket<K, V>[] buckets = newBuckets();

    private final long[] occupied = new long[LEVELS];

    /** One bit for each level with a node in it. */
    private int occupiedLevels;

    /** No node outside of the run was used before this. */
    private long floor;

    private @Nullable Node<K, V>[] run = newNodes(0);

    /** The use that each node of the run was sorted by. */
    private long[] runUses = new long[0];

    private int runNext;

    private int runEnd;

    private int removed;

    void add(Node<K, V> node) {
        // A thread may be late to write its use; then the node counts as used just before the others.
        long used = Math.max(node.used(), floor);
        int level = used == floor ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(used ^ floor)) / DIGIT_BITS;
        int bucket = level * BUCKETS + digit(used, level);
        Bucket<K, V> nodes = buckets[bucket];
        if (nodes == null) {
            nodes = new Bucket<>();
            buckets[bucket] = nodes;
        }
        nodes.add(node);
        occupied[level] |= 1L << bucket;
        occupiedLevels |= 1 << level;
    }

    /** Notes that a node in the queue has been removed from the store. */
    void discard(long remaining) {
        if (++removed > remaining + TOLERATED) {
            purge();
        }
    }

    /** Takes out the least recently used node. There must be one. */
    Node<K, V> poll() {
        while (true) {
            while (runNext < runEnd) {
                int index = runNext++;
                Node<K, V> node = run[index];
                run[index] = null;
                if (node == null || node.isRemoved()) {
                    removed--;
                } else if (node.used() > runUses[index]) {
                    add(node);
                } else {
                    return node;
                }
            }
            nextRun();
        }
    }

    void clear() {
        Arrays.fill(buckets, null);
        Arrays.fill(occupied, 0);
        Arrays.fill(run, null);
        occupiedLevels = 0;
        runNext = 0;
        runEnd = 0;
        removed = 0;
    }

    private void nextRun() {
        if (occupiedLevels == 0) {
            throw new IllegalStateException("The queue is empty");
        }
        int level = Integer.numberOfTrailingZeros(occupiedLevels);
        int digit = Long.numberOfTrailingZeros(occupied[level]);
        int bucket = level * BUCKETS + digit;
        Bucket<K, V> nodes = vacate(level, bucket);
        int upper = (level + 1) * DIGIT_BITS;
        long first = (floor >>> upper << upper) | ((long) digit << (level * DIGIT_BITS));
        long last = first + (1L << (level * DIGIT_BITS)) - 1;
        floor = first;
        if (level == 0 || (nodes.size <= MAX_RUN && level <= MAX_SORTED_LEVEL)) {
            sort(nodes, first, last);
        } else {
            addAll(nodes);
        }
    }

    /** Makes a run of the nodes that were not used after {@code last}. Those of the same number stay in order. */
    private void sort(Bucket<K, V> nodes, long first, long last) {
        if (run.length < nodes.size) {
            run = newNodes(nodes.size);
            runUses = new long[nodes.size];
        }
        int count = 0;
        for (int i = 0; i < nodes.size; i++) {
            Node<K, V> node = nodes.get(i);
            long used = Math.max(node.used(), first);
            if (used > last || node.isRemoved()) {
                addAgain(node);
            } else {
                runUses[count++] = ((used - first) << INDEX_BITS) | i;
            }
        }
        Arrays.sort(runUses, 0, count);
        for (int i = 0; i < count; i++) {
            run[i] = nodes.get((int) runUses[i]);
            runUses[i] = first + (runUses[i] >>> INDEX_BITS);
        }
        runNext = 0;
        runEnd = count;
        floor = count == 0 ? first : runUses[count - 1];
    }

    private void addAll(Bucket<K, V> nodes) {
        for (int i = 0; i < nodes.size; i++) {
            addAgain(nodes.get(i));
        }
    }

    private void addAgain(Node<K, V> node) {
        if (node.isRemoved()) {
            removed--;
        } else {
            add(node);
        }
    }

    /** Drops the removed nodes. */
    private void purge() {
        Bucket<K, V> all = new Bucket<>();
        for (int i = runNext; i < runEnd; i++) {
            all.add(Objects.requireNonNull(run[i]));
        }
        for (Bucket<K, V> bucket : buckets) {
            for (int i = 0; bucket != null && i < bucket.size; i++) {
                all.add(bucket.get(i));
            }
        }
        clear();
        addAll(all);
        removed = 0;
    }

    private Bucket<K, V> vacate(int level, int bucket) {
        Bucket<K, V> nodes = buckets[bucket];
        if (nodes == null) {
            throw new IllegalStateException("An occupied bucket is empty");
        }
        buckets[bucket] = null;
        occupied[level] &= ~(1L << bucket);
        if (occupied[level] == 0) {
            occupiedLevels &= ~(1 << level);
        }
        return nodes;
    }

    private static int digit(long used, int level) {
        return (int) (used >>> (level * DIGIT_BITS)) & (BUCKETS - 1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, V> @Nullable Node<K, V>[] newNodes(int length) {
        return new Node[length];
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, V> @Nullable Bucket<K, V>[] newBuckets() {
        return new Bucket[LEVELS * BUCKETS];
    }

    /** A growing list of nodes. */
    private static final class Bucket<K, V> {

        private @Nullable Node<K, V>[] nodes = newNodes(4);

        private int size;

        void add(Node<K, V> node) {
            if (size == nodes.length) {
                nodes = Arrays.copyOf(nodes, size * 2);
            }
            nodes[size++] = node;
        }

        Node<K, V> get(int index) {
            return Objects.requireNonNull(nodes[index]);
        }
    }
}
