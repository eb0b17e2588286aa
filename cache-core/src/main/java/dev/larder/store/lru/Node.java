package dev.larder.store.lru;

import dev.larder.store.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an {@link LruStore}: at once a link of its hash chain and a link of its recency bucket, so that an entry
 * costs one object.
 *
 * <p>Written under the store's lock, except for {@link #used}; read without it. A node whose value is null has been
 * removed.
 */
@SuppressWarnings("UnusedVariable") // fields are read and written through handles
final class Node<K, V> {

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

    private long keptUntil;

    private @Nullable String etag;

    /** Odd while value and life are being replaced. */
    private short version;

    /** What the weigher said; guarded by the store's lock. */
    int weight;

    Node(K key, int hash, Entry<V> entry, int weight, long used) {
        this.key = key;
        this.hash = hash;
        this.weight = weight;
        this.used = used;
        this.value = entry.value();
        this.freshUntil = entry.freshUntil();
        this.keptUntil = entry.keptUntil();
        this.etag = entry.etag();
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

    /** Guarded by the store's lock. */
    long keptUntil() {
        return keptUntil;
    }

    /** Whether the node was taken out of the store; it does not come back. */
    boolean isRemoved() {
        return value() == null;
    }

    /** Marks the node as removed. */
    void retire() {
        VALUE.setRelease(this, null);
    }

    /** Replaces value and life, the value first, so that no reader sees an old value with a new life. */
    void replace(Entry<V> entry, int newWeight) {
        begin();
        VALUE.setRelease(this, entry.value());
        etag = entry.etag();
        live(entry.freshUntil(), entry.keptUntil());
        end();
        weight = newWeight;
    }

    void touch(long newFreshUntil, long newKeptUntil) {
        begin();
        live(newFreshUntil, newKeptUntil);
        end();
    }

    private void live(long newFreshUntil, long newKeptUntil) {
        keptUntil = newKeptUntil;
        FRESH_UNTIL.setRelease(this, newFreshUntil);
    }

    private void begin() {
        VERSION.setOpaque(this, (short) (version + 1));
        VarHandle.releaseFence();
    }

    private void end() {
        VERSION.setRelease(this, (short) (version + 1));
    }

    /** Value and life as they were at one instant, or null if the node was removed. Waits only for a replacement of the same entry. */
    @Nullable
    Entry<V> snapshot() {
        while (true) {
            short before = (short) VERSION.getAcquire(this);
            V seenValue = value();
            long seenFreshUntil = freshUntil;
            long seenKeptUntil = keptUntil;
            String seenEtag = etag;
            VarHandle.acquireFence();
            if ((before & 1) == 0 && before == (short) VERSION.getOpaque(this)) {
                return seenValue == null ? null : new Entry<>(seenValue, seenFreshUntil, seenKeptUntil, seenEtag);
            }
            Thread.onSpinWait();
        }
    }
}
