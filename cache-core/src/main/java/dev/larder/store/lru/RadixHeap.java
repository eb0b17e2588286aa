package dev.larder.store.lru;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of an {@link LruStore} that have been used, by the number of their last use.
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
 * <p>Not thread-safe: guarded by the store's lock, while nodes are being used.
 */
final class RadixHeap<K, V> {

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

    private final @Nullable Bucket<K, V>[] buckets = newBuckets();

    private final long[] occupied = new long[LEVELS];

    /** One bit for each level with a node in it. */
    private int occupiedLevels;

    /** No node outside of the run was used before this. */
    private long floor;

    private Bucket<K, V> run = new Bucket<>();

    /** For each node of the run the use that it was sorted by, from {@link #runFirst}, and its index in the bucket. */
    private long[] runUses = new long[0];

    private long runFirst;

    private int runNext;

    private int runEnd;

    private long size;

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
        node.sorted = true;
        size++;
        occupied[level] |= 1L << bucket;
        occupiedLevels |= 1 << level;
    }

    /** How many nodes there are, with those that were removed from the store. */
    long size() {
        return size;
    }

    /**
     * Takes out the first node, if it was last used at or before a limit. Nodes that are added later may have been used before the
     * first node that is left, but not before the limit.
     */
    @Nullable
    Node<K, V> poll(long limit) {
        while (true) {
            if (runNext < runEnd) {
                long use = runFirst + (runUses[runNext] >>> INDEX_BITS);
                if (use > limit) {
                    return null;
                }
                Node<K, V> node = run.take((int) runUses[runNext++]);
                size--;
                if (isHere(node)) {
                    if (node.used() <= use) {
                        return node;
                    }
                    add(node);
                }
            } else if (occupiedLevels == 0 || lowest() > limit) {
                return null;
            } else {
                nextRun(limit);
            }
        }
    }

    void clear() {
        Arrays.fill(buckets, null);
        Arrays.fill(occupied, 0);
        run = new Bucket<>();
        occupiedLevels = 0;
        runNext = 0;
        runEnd = 0;
        size = 0;
    }

    /** The first use of the lowest bucket that has nodes. */
    private long lowest() {
        int level = Integer.numberOfTrailingZeros(occupiedLevels);
        int upper = (level + 1) * DIGIT_BITS;
        long digit = Long.numberOfTrailingZeros(occupied[level]);
        return (floor >>> upper << upper) | (digit << (level * DIGIT_BITS));
    }

    private void nextRun(long limit) {
        int level = Integer.numberOfTrailingZeros(occupiedLevels);
        long first = lowest();
        long last = first + (1L << (level * DIGIT_BITS)) - 1;
        Bucket<K, V> nodes = vacate(level, level * BUCKETS + digit(first, level));
        floor = first;
        if (level == 0 || (nodes.size <= MAX_RUN && level <= MAX_SORTED_LEVEL)) {
            // The floor follows the run, and must not pass the limit.
            sort(nodes, first, Math.min(last, limit));
        } else {
            addAll(nodes);
        }
    }

    /** Makes a run of the nodes that were not used after {@code last}. Those of the same number stay in order. */
    private void sort(Bucket<K, V> nodes, long first, long last) {
        if (runUses.length < nodes.size) {
            runUses = new long[nodes.size];
        }
        Bucket<K, V> others = new Bucket<>();
        int count = 0;
        for (int i = 0; i < nodes.size; i++) {
            long used = Math.max(nodes.get(i).used(), first);
            if (used > last || !isHere(nodes.get(i))) {
                others.add(nodes.take(i));
            } else {
                runUses[count++] = ((used - first) << INDEX_BITS) | i;
            }
        }
        Arrays.sort(runUses, 0, count);
        run = nodes;
        runFirst = first;
        runNext = 0;
        runEnd = count;
        size += count;
        // Before the others are added, whose places depend on it.
        floor = count == 0 ? first : first + (runUses[count - 1] >>> INDEX_BITS);
        addAll(others);
    }

    private void addAll(Bucket<K, V> nodes) {
        for (int i = 0; i < nodes.size; i++) {
            if (isHere(nodes.get(i))) {
                add(nodes.get(i));
            }
        }
    }

    /** Drops the nodes that were removed from the store. */
    void purge() {
        Bucket<K, V> all = new Bucket<>();
        for (int i = runNext; i < runEnd; i++) {
            all.add(run.get((int) runUses[i]));
        }
        for (Bucket<K, V> bucket : buckets) {
            for (int i = 0; bucket != null && i < bucket.size; i++) {
                all.add(bucket.get(i));
            }
        }
        clear();
        addAll(all);
    }

    /** Whether a node is still to be found here, and not in the list of arrivals again. */
    private boolean isHere(Node<K, V> node) {
        node.sorted = !node.isRemoved() && UseCounter.isUse(node.used());
        return node.sorted;
    }

    private Bucket<K, V> vacate(int level, int bucket) {
        Bucket<K, V> nodes = buckets[bucket];
        if (nodes == null) {
            throw new IllegalStateException("An occupied bucket is empty");
        }
        buckets[bucket] = null;
        size -= nodes.size;
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

        Node<K, V> take(int index) {
            Node<K, V> node = get(index);
            nodes[index] = null;
            return node;
        }
    }
}
