package dev.larder.store.lru;

/**
 * The nodes of an {@link LruStore} by last use, so that the least recently used one is found without moving anything when
 * an entry is used.
 *
 * <p>A hit only writes the number of the use into the node. Here the node stays where an earlier use put it, which makes its
 * place a lower bound. Polling looks at the lowest place, and puts nodes that have been used since to where they belong
 * now; so what it returns is exactly the least recently used node. A node moves at most once for each time it was used, and
 * a few times on its way down.
 *
 * <p>Nodes that have not been used since they were written are in {@link Arrivals}, the others in a {@link RadixHeap}.
 *
 * <p>Nodes that are removed from the store stay until they are come upon, or until they outnumber the others.
 *
 * <p>Not thread-safe: guarded by the store's lock, while nodes are being used.
 */
final class RecencyQueue<K, V> {

    /** So much to be dropped is always tolerated; with less, small stores would clean up all the time. */
    private static final int TOLERATED = 64;

    private final Arrivals<K, V> arrivals = new Arrivals<>();

    private final RadixHeap<K, V> used = new RadixHeap<>();

    /** Puts a node that is being written behind all others. It may be in the queue already. */
    void add(Node<K, V> node, long number) {
        arrivals.add(node, number);
    }

    /** Drops removed nodes and former places when there are too many of them. */
    void tidy(long remaining) {
        if (arrivals.size() + used.size() > 2 * remaining + TOLERATED) {
            arrivals.purge(used);
            used.purge();
        }
    }

    /** Takes out the least recently used node. There must be one. */
    Node<K, V> poll() {
        while (true) {
            Node<K, V> arrival = arrivals.first(used);
            long limit = arrival == null ? Long.MAX_VALUE : arrival.used();
            if (arrival != null && UseCounter.isUse(limit)) {
                continue;
            }
            Node<K, V> older = used.poll(limit);
            if (older != null) {
                return older;
            }
            if (arrival == null) {
                throw new IllegalStateException("The queue is empty");
            }
            // Unless it was used while others were looked at.
            if (arrival.used() == limit) {
                arrivals.removeFirst();
                return arrival;
            }
        }
    }

    void clear() {
        arrivals.clear();
        used.clear();
    }
}
