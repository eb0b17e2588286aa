package dev.larder.store.lru;

import dev.larder.store.Entry;
import dev.larder.store.Scheduler;
import dev.larder.store.StoreStats;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What writers of an {@link LruStore} change, and the lock under which they do: the bound, the order of eviction, and the
 * counts.
 *
 * <p>Apart from {@link #lock}, {@link #insertions} and {@link #size} everything needs the lock, and nothing calls code of the
 * caller. An object of its own, so that what readers read on each hit does not share a cache line with what writers write.
 */
final class Contents<K, V> {

    /** How many writes may have the same number. */
    private static final int SHARED_NUMBER = 64;

    private final BriefLock lock = new BriefLock();

    private final HashTable<K, V> table;

    private final UseCounter uses;

    private final RecencyQueue<K, V> queue = new RecencyQueue<>();

    private final long maxEntries;

    private final long maxWeight;

    private final InstantSource clock;

    private final Sweeper<K, V> sweeper;

    private final AtomicLong insertions = new AtomicLong();

    private final AtomicLong size = new AtomicLong();

    private long weight;

    private long puts;

    private long replaced;

    private long removed;

    private long expired;

    private long evicted;

    private long enqueued;

    /** Uses that are not hits. */
    private long writes;

    private boolean closed;

    Contents(
            HashTable<K, V> table,
            UseCounter uses,
            long maxEntries,
            long maxWeight,
            InstantSource clock,
            Scheduler scheduler) {
        this.table = table;
        this.uses = uses;
        this.maxEntries = maxEntries;
        this.maxWeight = maxWeight;
        this.clock = clock;
        this.sweeper = new Sweeper<>(this, table, clock, scheduler);
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** How many keys were inserted so far. */
    long insertions() {
        return insertions.getAcquire();
    }

    long size() {
        return size.getAcquire();
    }

    /**
     * Whether what was found before the lock was taken still holds.
     *
     * @param found the node of the key, or null if there was none
     * @param seen the number of insertions before the search
     */
    boolean isCurrent(@Nullable Node<K, V> found, int hash, long seen) {
        if (found != null) {
            return !found.isRemoved();
        }
        return insertions() == seen || !table.containsHash(hash);
    }

    /**
     * Writes an entry.
     *
     * @param node holds the entry; not in the table, and not used yet
     * @param present the node that its key is in now, if any
     * @return the value that is there and stays, or null if the entry was written
     */
    @Nullable
    V write(Node<K, V> node, @Nullable Node<K, V> present, boolean ifAbsent) {
        if (closed) {
            return null;
        }
        if (present != null) {
            if (ifAbsent && isFuture(present.freshUntil())) {
                return present.value();
            }
            if (isFuture(present.keptUntil())) {
                replaced++;
            } else {
                expired++;
            }
        }
        puts++;
        if (!isFuture(node.keptUntil())) {
            expired++;
            drop(present);
        } else if (node.weight() > maxWeight) {
            evicted++;
            drop(present);
        } else if (present != null) {
            replace(present, node);
        } else {
            insert(node);
        }
        return null;
    }

    boolean touch(Node<K, V> node, long freshUntil, long keptUntil) {
        if (!isFuture(node.keptUntil())) {
            return false;
        }
        if (isFuture(keptUntil)) {
            replace(node, node.withLife(freshUntil, keptUntil));
        } else {
            expired++;
            drop(node);
        }
        return true;
    }

    /** Removes a node, and returns its value if it was fresh. */
    @Nullable
    V remove(Node<K, V> node) {
        V value = isFuture(node.freshUntil()) ? node.value() : null;
        if (isFuture(node.keptUntil())) {
            removed++;
        } else {
            expired++;
        }
        drop(node);
        return value;
    }

    /** Removes a node if it has expired, and returns when it will if it has not. */
    long expire(Node<K, V> node) {
        if (node.isRemoved()) {
            return Entry.FOREVER;
        }
        if (isFuture(node.keptUntil())) {
            return node.keptUntil();
        }
        expired++;
        drop(node);
        return Entry.FOREVER;
    }

    /** Removes everything, and returns whether something fresh was there. */
    boolean clear() {
        boolean fresh = false;
        long now = clock.millis();
        for (Node<K, V> first : table.clear()) {
            for (Node<K, V> node = first; node != null; node = node.next()) {
                if (node.keptUntil() > now) {
                    fresh |= node.freshUntil() > now;
                    removed++;
                } else {
                    expired++;
                }
                node.retire();
            }
        }
        queue.clear();
        size.setRelease(0);
        weight = 0;
        return fresh;
    }

    StoreStats stats(long misses) {
        return new StoreStats(uses.count() - writes, misses, puts, replaced, removed, expired, evicted, size(), weight);
    }

    void close() {
        clear();
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    private void insert(Node<K, V> node) {
        makeRoom(1, node.weight());
        size.setRelease(size.getPlain() + 1);
        weight += node.weight();
        if (table.insert(node, size())) {
            uses.adaptTo(size());
        }
        // After the node can be found: a search that did not find it must have begun with the old count.
        insertions.setRelease(insertions.getPlain() + 1);
        enqueue(node);
        sweeper.expect(node.keptUntil());
    }

    private void replace(Node<K, V> present, Node<K, V> node) {
        int more = node.weight() - present.weight();
        use(present);
        makeRoom(0, more);
        if (present.isRemoved()) {
            // Readers have used all others since, so it went itself; it is counted as replaced.
            evicted--;
            insert(node);
            return;
        }
        weight += more;
        if (present.hasRoomFor(node)) {
            present.take(node);
        } else {
            table.replace(present, node);
            present.retire();
            enqueue(node);
        }
        queue.tidy(size());
        sweeper.expect(node.keptUntil());
    }

    /** One that is read stays where it is, as if it were read once more; one that is only written goes to the end. */
    private void use(Node<K, V> node) {
        if (UseCounter.isUse(node.used())) {
            writes++;
            node.used(uses.next());
        } else {
            enqueue(node);
        }
    }

    /** Nodes that are written one after another stay in this order in the queue, so some may share a number, an odd one. */
    private void enqueue(Node<K, V> node) {
        if (enqueued++ % SHARED_NUMBER == 0) {
            writes++;
            queue.add(node, uses.next() - 1);
        } else {
            queue.add(node, uses.beforeNext());
        }
    }

    private void makeRoom(int entries, int more) {
        while (size() + entries > maxEntries || weight + more > maxWeight) {
            evicted++;
            forget(queue.poll());
        }
    }

    private void drop(@Nullable Node<K, V> node) {
        if (node != null) {
            forget(node);
            queue.tidy(size());
        }
    }

    /** Out of the table first: a reader that finds a removed node looks again, and should then not find it. */
    private void forget(Node<K, V> node) {
        table.remove(node);
        node.retire();
        size.setRelease(size.getPlain() - 1);
        weight -= node.weight();
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }
}
