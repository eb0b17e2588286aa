package dev.larder.store.lru;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.Housekeeper;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import dev.larder.store.Weigher;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} in heap that keeps what was used last.
 *
 * <p><b>Order.</b> When the bound is reached the least recently used entry goes. The order is exact for what one thread
 * does, always. Two uses by different threads are taken in the order in which they happened, unless fewer uses than one in
 * 256 of the entries lie between them; in stores of up to some hundred entries there is no such slack. Gets that hit, puts
 * and touches are uses; looks ({@link #entry}, {@link #contains}) are not.
 *
 * <p><b>Bound.</b> By entries, by weight, or by both. It holds at every instant. An entry heavier than the whole bound is not
 * kept, and what it replaces is removed; it counts as evicted.
 *
 * <p><b>Life.</b> Expired entries are never returned. They leave by themselves, about a second after they expired; in a store
 * of more than a million entries a second later for each million.
 *
 * <p><b>Threads.</b> Reads take no lock: they wait neither for each other nor for a write nor for an eviction. Writes take
 * turns, and are brief. No code of the caller ({@code hashCode}, {@code equals}, weigher) runs under their lock.
 *
 * <p><b>Values</b> are kept by reference. For copies put a {@link dev.larder.store.SerializingStore} on top.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LruStore<K, V> implements Store<K, V> {

    private final HashTable<K, V> table = new HashTable<>();

    private final UseCounter uses = new UseCounter();

    private final LongAdder misses = new LongAdder();

    private final InstantSource clock;

    private final @Nullable Weigher<? super K, ? super V> weigher;

    private final Contents<K, V> contents;

    private LruStore(Builder<K, V> builder) {
        this.clock = builder.clock;
        this.weigher = builder.weigher;
        this.contents = new Contents<>(table, uses, builder.maxEntries, builder.maxWeight, clock, builder.scheduler);
    }

    /** A builder. It needs a bound: entries, weight, or both. */
    public static <K, V> Builder<K, V> builder() {
        return new Builder<>();
    }

    @Override
    public @Nullable V get(K key) {
        int hash = HashTable.hash(key);
        Node<K, V> node;
        while ((node = table.find(key, hash)) != null) {
            long freshUntil = node.freshUntil();
            V value = node.value();
            if (value != null) {
                if (isFuture(freshUntil)) {
                    node.used(uses.next());
                    return value;
                }
                break;
            }
        }
        misses.increment();
        return null;
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        int hash = HashTable.hash(key);
        Node<K, V> node;
        while ((node = table.find(key, hash)) != null) {
            Entry<V> entry = node.snapshot();
            if (entry != null) {
                return isFuture(entry.keptUntil()) ? entry : null;
            }
        }
        return null;
    }

    @Override
    public boolean contains(K key) {
        int hash = HashTable.hash(key);
        Node<K, V> node;
        while ((node = table.find(key, hash)) != null) {
            long freshUntil = node.freshUntil();
            if (!node.isRemoved()) {
                return isFuture(freshUntil);
            }
        }
        return false;
    }

    @Override
    public void put(K key, Entry<V> entry) {
        write(node(key, entry), false);
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        return write(node(key, entry), true);
    }

    /** The entry as a node, made before the lock is taken: from here on the entry need not exist as an object. */
    private Node<K, V> node(K key, Entry<V> entry) {
        int hash = HashTable.hash(key);
        V value = Objects.requireNonNull(entry.value(), "value");
        return Node.of(key, hash, entry, weigher == null ? 0 : weigh(weigher, key, value));
    }

    private static <K, V> int weigh(Weigher<? super K, ? super V> weigher, K key, V value) {
        int weight = weigher.weigh(key, value);
        if (weight < 0) {
            throw new IllegalArgumentException(
                    "A weight must be 0 or more, but the weigher gave %d for key %s".formatted(weight, key));
        }
        return weight;
    }

    private @Nullable V write(Node<K, V> node, boolean ifAbsent) {
        while (true) {
            long seen = contents.insertions();
            Node<K, V> present = table.find(node.key, node.hash);
            contents.lock();
            try {
                if (contents.isCurrent(present, node.hash, seen)) {
                    return contents.write(node, present, ifAbsent);
                }
            } finally {
                contents.unlock();
            }
        }
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        int hash = HashTable.hash(key);
        Node<K, V> node;
        while ((node = table.find(key, hash)) != null) {
            contents.lock();
            try {
                if (!node.isRemoved()) {
                    return contents.touch(node, freshUntil, keptUntil);
                }
            } finally {
                contents.unlock();
            }
        }
        return false;
    }

    @Override
    public boolean remove(K key) {
        return take(key) != null;
    }

    @Override
    public @Nullable V pop(K key) {
        V value = take(key);
        if (value == null) {
            misses.increment();
        } else {
            uses.next();
        }
        return value;
    }

    private @Nullable V take(K key) {
        int hash = HashTable.hash(key);
        Node<K, V> node;
        while ((node = table.find(key, hash)) != null) {
            contents.lock();
            try {
                if (!node.isRemoved()) {
                    return contents.remove(node);
                }
            } finally {
                contents.unlock();
            }
        }
        return null;
    }

    @Override
    public boolean clear() {
        contents.lock();
        try {
            return contents.clear();
        } finally {
            contents.unlock();
        }
    }

    @Override
    public long size() {
        return contents.size();
    }

    @Override
    public StoreStats stats() {
        contents.lock();
        try {
            return contents.stats(misses.sum());
        } finally {
            contents.unlock();
        }
    }

    @Override
    public void close() {
        contents.lock();
        try {
            contents.close();
        } finally {
            contents.unlock();
        }
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }

    /**
     * Builds an {@link LruStore}. Not thread-safe.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    public static final class Builder<K, V> {

        private long maxEntries = Long.MAX_VALUE;

        private long maxWeight = Long.MAX_VALUE;

        private @Nullable Weigher<? super K, ? super V> weigher;

        private InstantSource clock = CoarseClock.shared();

        private Scheduler scheduler = Housekeeper.shared();

        private Builder() {}

        /** Keeps at most so many entries; 1 or more. */
        public Builder<K, V> maxEntries(long entries) {
            this.maxEntries = positive(entries, "maxEntries");
            return this;
        }

        /** Keeps at most so much weight, in the unit of the weigher; 1 or more. */
        public Builder<K, V> maxWeight(long weight, Weigher<? super K, ? super V> by) {
            this.maxWeight = positive(weight, "maxWeight");
            this.weigher = Objects.requireNonNull(by, "weigher");
            return this;
        }

        /** Where the present comes from; {@link CoarseClock#shared()} unless said otherwise. It must never go back. */
        public Builder<K, V> clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "clock");
            return this;
        }

        /** Who makes expired entries leave; {@link Housekeeper#shared()} unless said otherwise. */
        public Builder<K, V> scheduler(Scheduler other) {
            this.scheduler = Objects.requireNonNull(other, "scheduler");
            return this;
        }

        /**
         * The store.
         *
         * @throws IllegalStateException if there is no bound
         */
        public LruStore<K, V> build() {
            if (maxEntries == Long.MAX_VALUE && maxWeight == Long.MAX_VALUE) {
                throw new IllegalStateException("A store in heap needs a bound: call maxEntries, maxWeight, or both");
            }
            return new LruStore<>(this);
        }

        private static long positive(long bound, String name) {
            if (bound <= 0) {
                throw new IllegalArgumentException("%s must be 1 or more, but was %d".formatted(name, bound));
            }
            return bound;
        }
    }
}
