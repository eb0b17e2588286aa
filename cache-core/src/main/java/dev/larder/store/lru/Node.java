package dev.larder.store.lru;

import dev.larder.store.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an {@link LruStore} and at once the link of its hash chain, so that an entry is one object. This one has what most
 * entries have, 48 bytes; the others are {@link DetailedNode}s.
 *
 * <p>Written under the store's lock, except for {@link #used}; read without it. A node whose value is null is no longer in
 * the store.
 */
@SuppressWarnings("UnusedVariable") // fields are read and written through handles
class Node<K, V> {

    private static final VarHandle VALUE;
    private static final VarHandle NEXT;
    private static final VarHandle USED;
    private static final VarHandle FRESH_UNTIL;
    private static final VarHandle VERSION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VALUE = lookup.findVarHandle(Node.class, "value", Object.class);
            NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
            USED = lookup.findVarHandle(Node.class, "used", long.class);
            FRESH_UNTIL = lookup.findVarHandle(Node.class, "freshUntil", long.class);
            VERSION = lookup.findVarHandle(Node.class, "version", short.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final K key;

    final int hash;

    private @Nullable V value;

    private @Nullable Node<K, V> next;

    /** When the entry was last used, in ticks of the {@link UseCounter}. */
    private long used;

    private long freshUntil;

    /** Odd while value and life are being replaced. */
    private short version;

    /** How many places the node has in {@link Arrivals}; the last one counts. This and the next are the queue's. */
    byte places;

    /** Whether the node is in the {@link RadixHeap}. */
    boolean sorted;

    Node(K key, int hash, Entry<V> entry) {
        this.key = key;
        this.hash = hash;
        this.value = entry.value();
        this.freshUntil = entry.freshUntil();
    }

    /** A node with room for what the entry has, and no more. */
    static <K, V> Node<K, V> of(K key, int hash, Entry<V> entry, int weight) {
        return weight == 0 && entry.keptUntil() == entry.freshUntil() && entry.etag() == null
                ? new Node<>(key, hash, entry)
                : new DetailedNode<>(key, hash, entry, weight);
    }

    @SuppressWarnings("unchecked")
    @Nullable
    V value() {
        return (V) VALUE.getAcquire(this);
    }

    @SuppressWarnings("unchecked")
    @Nullable
    Node<K, V> next() {
        return (Node<K, V>) NEXT.getAcquire(this);
    }

    void next(@Nullable Node<K, V> node) {
        NEXT.setRelease(this, node);
    }

    long used() {
        return (long) USED.getOpaque(this);
    }

    void used(long use) {
        USED.setOpaque(this, use);
    }

    /** Read before {@link #value()}: the value is then the one this instant belongs to, or a newer one. */
    long freshUntil() {
        return (long) FRESH_UNTIL.getAcquire(this);
    }

    long keptUntil() {
        return freshUntil();
    }

    @Nullable
    String etag() {
        return null;
    }

    /** What the weigher said. */
    int weight() {
        return 0;
    }

    /** Whether this node can stand for another one of its key. */
    boolean hasRoomFor(Node<K, V> other) {
        return other.getClass() == Node.class;
    }

    /** Takes over what only a {@link DetailedNode} has. */
    void takeDetails(Node<K, V> other) {}

    /** Whether the node was taken out of the store. It does not come back, but its key may be in another node. */
    boolean isRemoved() {
        return value() == null;
    }

    /** Marks the node as removed. */
    void retire() {
        VALUE.setRelease(this, null);
    }

    /**
     * Takes over value and life of another node, for which there must be room. The value first, so that no reader sees an old
     * value with a new life.
     */
    void take(Node<K, V> other) {
        begin();
        VALUE.setRelease(this, other.value);
        takeDetails(other);
        FRESH_UNTIL.setRelease(this, other.freshUntil);
        end();
    }

    /** A node of the same key and value with another life. */
    Node<K, V> withLife(long newFreshUntil, long newKeptUntil) {
        V present = Objects.requireNonNull(value);
        return of(key, hash, new Entry<>(present, newFreshUntil, newKeptUntil, etag()), weight());
    }

    private void begin() {
        VERSION.setOpaque(this, (short) (version + 1));
        VarHandle.releaseFence();
    }

    private void end() {
        VERSION.setRelease(this, (short) (version + 1));
    }

    /** The entry as it was at one instant, or null if it was removed. Waits only for a replacement of the same entry. */
    @Nullable
    Entry<V> snapshot() {
        while (true) {
            short before = (short) VERSION.getAcquire(this);
            V seenValue = value();
            long seenFreshUntil = freshUntil();
            long seenKeptUntil = keptUntil();
            String seenEtag = etag();
            VarHandle.acquireFence();
            if ((before & 1) == 0 && before == (short) VERSION.getOpaque(this)) {
                return seenValue == null ? null : new Entry<>(seenValue, seenFreshUntil, seenKeptUntil, seenEtag);
            }
            Thread.onSpinWait();
        }
    }
}
