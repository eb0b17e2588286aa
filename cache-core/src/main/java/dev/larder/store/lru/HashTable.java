package dev.larder.store.lru;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The hash table of an {@link LruStore}: found without a lock, changed under the store's.
 *
 * <p>Chains are ordered by bit-reversed hash (split-ordered lists: Shalev and Shavit, 2006), so that when the table
 * doubles each chain falls into two without any node changing places: the new table is published first and the chains are
 * cut afterwards. A reader that lost its way by a cut sees that the table has changed, and starts again.
 *
 * <p>A reader may find a node that has just been removed, or replaced by another one of its key. It then looks again.
 *
 * <p>Keys with the same hash share a chain that is searched one by one; unlike in {@link java.util.HashMap} it never
 * becomes a tree. The bound of the store bounds what that can cost.
 */
final class HashTable<K, V> {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Node[].class);

    private static final int MIN_SLOTS = 16;

    private static final int MAX_SLOTS = 1 << 30;

    private volatile @Nullable Node<K, V>[] slots = newSlots(MIN_SLOTS);

    static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    /** The node of a key, possibly one that has just been removed. Calls {@code equals}; needs no lock. */
    @Nullable
    Node<K, V> find(K key, int hash) {
        while (true) {
            @Nullable Node<K, V>[] seen = slots;
            for (Node<K, V> node = slot(seen, hash); node != null; node = node.next()) {
                if (node.hash == hash && (node.key == key || key.equals(node.key))) {
                    return node;
                }
            }
            if (seen == slots) {
                return null;
            }
        }
    }

    /** Whether some key has this hash. Guarded by the store's lock; calls no {@code equals}. */
    boolean containsHash(int hash) {
        for (Node<K, V> node = slot(slots, hash); node != null; node = node.next()) {
            if (node.hash == hash) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a node whose key is absent. Guarded by the store's lock.
     *
     * @param size the number of nodes with this one
     * @return whether the table had to grow
     */
    boolean insert(Node<K, V> node, long size) {
        @Nullable Node<K, V>[] current = slots;
        boolean grows = size > current.length / 2 && current.length < MAX_SLOTS;
        if (grows) {
            current = grow(current);
        }
        Node<K, V> before = null;
        Node<K, V> after = slot(current, node.hash);
        while (after != null && isBefore(after.hash, node.hash)) {
            before = after;
            after = after.next();
        }
        node.next(after);
        link(current, before, node, node.hash);
        return grows;
    }

    /** Takes a node out. It keeps its link, for readers that stand on it. Guarded by the store's lock. */
    void remove(Node<K, V> node) {
        @Nullable Node<K, V>[] current = slots;
        link(current, before(current, node), node.next(), node.hash);
    }

    private @Nullable Node<K, V> before(@Nullable Node<K, V>[] current, Node<K, V> node) {
        Node<K, V> before = null;
        for (Node<K, V> at = slot(current, node.hash); at != node; at = at.next()) {
            if (at == null) {
                throw new IllegalStateException("A node is not in its chain");
            }
            before = at;
        }
        return before;
    }

    /** Puts a node in the place of another one of the same key, so that no reader misses both. Guarded by the store's lock. */
    void replace(Node<K, V> node, Node<K, V> other) {
        @Nullable Node<K, V>[] current = slots;
        other.next(node.next());
        link(current, before(current, node), other, node.hash);
    }

    /** Takes out all nodes, and returns the slots that they were in. Guarded by the store's lock. */
    @Nullable
    Node<K, V>[] clear() {
        @Nullable Node<K, V>[] before = slots;
        slots = newSlots(MIN_SLOTS);
        return before;
    }

    /** The slots as they are now, to walk over all nodes without a lock. */
    @Nullable
    Node<K, V>[] slots() {
        return slots;
    }

    @SuppressWarnings("unchecked")
    static <K, V> @Nullable Node<K, V> slot(@Nullable Node<K, V>[] slots, int hash) {
        return (Node<K, V>) SLOT.getAcquire(slots, hash & (slots.length - 1));
    }

    private void link(
            @Nullable Node<K, V>[] current, @Nullable Node<K, V> before, @Nullable Node<K, V> node, int hash) {
        if (before != null) {
            before.next(node);
        } else {
            SLOT.setRelease(current, hash & (current.length - 1), node);
        }
    }

    /** Order in a chain: that of the hashes with their bits reversed, so that the next bit of the slot's number counts most. */
    private static boolean isBefore(int hash, int other) {
        int differing = hash ^ other;
        return (other & Integer.lowestOneBit(differing)) != 0;
    }

    private @Nullable Node<K, V>[] grow(@Nullable Node<K, V>[] old) {
        @Nullable Node<K, V>[] grown = newSlots(old.length * 2);
        @Nullable Node<K, V>[] cuts = newSlots(old.length);
        for (int i = 0; i < old.length; i++) {
            Node<K, V> lastLow = null;
            Node<K, V> node = old[i];
            grown[i] = node != null && (node.hash & old.length) == 0 ? node : null;
            while (node != null && (node.hash & old.length) == 0) {
                lastLow = node;
                node = node.next();
            }
            grown[i + old.length] = node;
            cuts[i] = node != null ? lastLow : null;
        }
        slots = grown;
        for (Node<K, V> cut : cuts) {
            if (cut != null) {
                cut.next(null);
            }
        }
        return grown;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, V> @Nullable Node<K, V>[] newSlots(int length) {
        return new Node[length];
    }
}
