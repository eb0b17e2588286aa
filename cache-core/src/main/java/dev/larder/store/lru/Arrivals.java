package dev.larder.store.lru;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that have not been used since they were written, in the order in which they were, which is that of their numbers.
 *
 * <p>Entries that are written and never asked for are most of what leaves many caches. Here they wait in a list, into which
 * they are put once, and from which they are taken once; there is nothing to sort. A node that is written again gets another
 * place at the end; its former ones are passed over. A node that has been used stays in the list until its turn comes, and then
 * moves on to those that are ordered by use. That it has been used is told by its number, which is then even.
 *
 * <p>Not thread-safe: guarded by the store's lock, while nodes are being used.
 */
final class Arrivals<K, V> {

    /** Not smaller: chunks should be few. Not larger: a store of a few entries has one as well. */
    private static final int CHUNK = 256;

    private Chunk<K, V> head = new Chunk<>();

    private Chunk<K, V> tail = head;

    /** Where the first node is in the head. */
    private int next;

    /** Where the next node will be put in the tail. */
    private int end;

    /** The number of the last node, when it came. */
    private long last;

    private long size;

    /**
     * Adds a node that is being written. One that is written again and again before its turn comes is soon taken for one that was
     * used, so that its places are few.
     */
    void add(Node<K, V> node, long number) {
        if (node.places == Byte.MAX_VALUE) {
            node.used(number + 1);
            return;
        }
        // A thread may be late to write, and have a number below that of others.
        last = Math.max(number, last);
        node.used(last);
        node.places++;
        append(node);
    }

    private void append(Node<K, V> node) {
        if (end == CHUNK) {
            Chunk<K, V> chunk = new Chunk<>();
            tail.next = chunk;
            tail = chunk;
            end = 0;
        }
        tail.nodes[end++] = node;
        size++;
    }

    /** The first node, if there is one, when those before it that have been used since were moved to others. */
    @Nullable
    Node<K, V> first(RadixHeap<K, V> used) {
        while (next < endOfHead() || head != tail) {
            if (next == CHUNK) {
                head = Objects.requireNonNull(head.next);
                next = 0;
            } else {
                Node<K, V> node = Objects.requireNonNull(head.nodes[next]);
                boolean moves = node.places == 1 && !node.isRemoved();
                if (moves && !UseCounter.isUse(node.used())) {
                    return node;
                }
                removeFirst();
                if (moves && !node.sorted) {
                    used.add(node);
                }
            }
        }
        return null;
    }

    /** Takes out what {@link #first} returned. */
    void removeFirst() {
        Objects.requireNonNull(head.nodes[next]).places--;
        head.nodes[next++] = null;
        size--;
    }

    /** How many places there are, with those of nodes that were removed from the store, and former ones. */
    long size() {
        return size;
    }

    void clear() {
        head = new Chunk<>();
        tail = head;
        next = 0;
        end = 0;
        size = 0;
    }

    /** Drops the places of nodes that were removed from the store, and former ones. */
    void purge(RadixHeap<K, V> used) {
        Arrivals<K, V> all = new Arrivals<>();
        for (Node<K, V> node = first(used); node != null; node = first(used)) {
            removeFirst();
            node.places++;
            all.append(node);
        }
        head = all.head;
        tail = all.tail;
        next = 0;
        end = all.end;
        size = all.size;
    }

    private int endOfHead() {
        return head == tail ? end : CHUNK;
    }

    /** A part of the list. */
    private static final class Chunk<K, V> {

        private final @Nullable Node<K, V>[] nodes = newNodes();

        private @Nullable Chunk<K, V> next;

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static <K, V> @Nullable Node<K, V>[] newNodes() {
            return new Node[CHUNK];
        }
    }
}
