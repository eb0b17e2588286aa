package dev.larder.caffeine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.Housekeeper;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreCounts;
import dev.larder.store.StoreStats;
import dev.larder.store.Weigher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} in heap that keeps what Caffeine's policy expects to be used again: how recently and how often an entry
 * was used both count, so a new entry may go before an older one.
 *
 * <p><b>Bound.</b> By entries or by weight. Caffeine evicts after it has written, so the bound may be exceeded for a moment by
 * what is being written. An entry heavier than the whole bound is not kept, and what it replaces is removed; it counts as
 * evicted.
 *
 * <p><b>Life.</b> Expired entries are never returned. They leave by themselves, about two seconds after they expired.
 * Caffeine limits a life to 150 years.
 *
 * <p><b>Threads.</b> Reads take no lock. Writes lock one bin of Caffeine's hash table; the {@code equals} of keys runs under
 * that lock, the weigher does not. Caffeine does its housekeeping on the threads that use the store, and never makes one
 * wait for another's.
 *
 * <p><b>Values</b> are kept by reference. For copies put a {@link dev.larder.store.SerializingStore} on top.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class CaffeineStore<K, V> implements Store<K, V> {

    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);

    /** Nanoseconds between two steps of Caffeine's timer, which lets nothing expire in between. */
    private static final long TIMER_STEP = 1L << 30;

    private final StoreCounts counts = new StoreCounts();

    private final AtomicBoolean sweeping = new AtomicBoolean();

    private final InstantSource clock;

    private final Scheduler scheduler;

    private final long maxWeight;

    private final @Nullable Weigher<? super K, ? super V> weigher;

    private final Cache<K, Held<V>> cache;

    private final ConcurrentMap<K, Held<V>> map;

    private final Policy<K, Held<V>> policy;

    /**
     * What Caffeine takes for the present, in nanoseconds. It moves only when the store sweeps, and in steps of Caffeine's
     * timer, so that nothing expires unseen: the store finds and counts all that is there. Whether an entry is returned is up
     * to the clock.
     */
    private volatile long ticks;

    private volatile boolean closed;

    private CaffeineStore(Builder<K, V> builder) {
        this.clock = builder.clock;
        this.scheduler = builder.scheduler;
        this.weigher = builder.weigher;
        this.maxWeight = weigher == null ? Long.MAX_VALUE : builder.bound;
        this.ticks = ticksNow(clock);
        this.cache = newCache(builder.bound);
        this.map = cache.asMap();
        this.policy = cache.policy();
    }

    private Cache<K, Held<V>> newCache(long bound) {
        Caffeine<K, Held<V>> caffeine = Caffeine.newBuilder()
                .ticker(() -> ticks)
                .executor(Runnable::run)
                .evictionListener(this::onEviction)
                .expireAfter(new Life<>());
        if (weigher == null) {
            caffeine.maximumSize(bound);
        } else {
            caffeine.maximumWeight(bound).weigher((K key, Held<V> held) -> held.weight);
        }
        return caffeine.build();
    }

    private static long ticksNow(InstantSource clock) {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis()) & -TIMER_STEP;
    }

    /** A builder. It needs a bound: entries or weight. */
    public static <K, V> Builder<K, V> builder() {
        return new Builder<>();
    }

    @Override
    public @Nullable V get(K key) {
        Held<V> held = cache.getIfPresent(key);
        return count(held != null && isFresh(held) ? held.entry.value() : null);
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        Held<V> held = policy.getIfPresentQuietly(key);
        return held != null && isKept(held) ? held.entry : null;
    }

    @Override
    public boolean contains(K key) {
        Held<V> held = policy.getIfPresentQuietly(key);
        return held != null && isFresh(held);
    }

    @Override
    public void put(K key, Entry<V> entry) {
        Held<V> held = hold(key, entry);
        if (closed) {
            return;
        }
        counts.puts.increment();
        boolean kept = isKept(held);
        if (!kept || held.weight > maxWeight) {
            leave(map.remove(key), counts.replaced);
            (kept ? counts.evicted : counts.expired).increment();
            return;
        }
        leave(map.put(key, held), counts.replaced);
        written(key, held);
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        Held<V> held = hold(key, entry);
        if (closed) {
            return null;
        }
        Held<V> there = policy.getIfPresentQuietly(key);
        if (there != null && isFresh(there)) {
            return there.entry.value();
        }
        boolean kept = isKept(held);
        boolean fits = kept && held.weight <= maxWeight;
        Held<V> winner = map.compute(key, (same, present) -> {
            if (present != null && isFresh(present)) {
                return present;
            }
            leave(present, counts.replaced);
            counts.puts.increment();
            return fits ? held : null;
        });
        if (winner == held) {
            written(key, held);
        } else if (winner != null) {
            return winner.entry.value();
        } else {
            (kept ? counts.evicted : counts.expired).increment();
        }
        return null;
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        boolean[] found = new boolean[1];
        Held<V> touched = map.computeIfPresent(key, (same, present) -> {
            if (!isKept(present)) {
                return present;
            }
            found[0] = true;
            if (!isFuture(keptUntil)) {
                counts.expired.increment();
                return null;
            }
            Entry<V> entry = present.entry;
            return new Held<>(new Entry<>(entry.value(), freshUntil, keptUntil, entry.etag()), present.weight);
        });
        if (touched != null) {
            written(key, touched);
        }
        return found[0];
    }

    @Override
    public boolean remove(K key) {
        return take(key) != null;
    }

    @Override
    public @Nullable V pop(K key) {
        return count(take(key));
    }

    @Override
    public boolean clear() {
        boolean fresh = false;
        for (K key : map.keySet()) {
            fresh |= take(key) != null;
        }
        return fresh;
    }

    @Override
    public long size() {
        return cache.estimatedSize();
    }

    @Override
    public StoreStats stats() {
        long weight = weigher == null
                ? 0
                : policy.eviction().orElseThrow().weightedSize().orElse(0);
        return counts.stats(size(), weight);
    }

    @Override
    public void close() {
        closed = true;
        clear();
    }

    private @Nullable V count(@Nullable V value) {
        (value == null ? counts.misses : counts.hits).increment();
        return value;
    }

    /** Removes an entry, and returns its value if it was fresh. */
    private @Nullable V take(K key) {
        Held<V> held = map.remove(key);
        leave(held, counts.removed);
        return held != null && isFresh(held) ? held.entry.value() : null;
    }

    /** Caffeine's own statistics count other things: each look, and a removal once for each cause that it knows. */
    private void onEviction(@Nullable K key, @Nullable Held<V> held, RemovalCause cause) {
        (cause == RemovalCause.EXPIRED ? counts.expired : counts.evicted).increment();
    }

    /** Counts an entry that left because of a caller; of those that Caffeine removes by itself it tells. */
    private void leave(@Nullable Held<V> held, LongAdder cause) {
        if (held != null) {
            (isKept(held) ? cause : counts.expired).increment();
        }
    }

    private void written(K key, Held<V> held) {
        if (closed) {
            take(key);
        } else if (held.entry.keptUntil() != Entry.FOREVER && !sweeping.get()) {
            startSweeping();
        }
    }

    private void startSweeping() {
        if (sweeping.compareAndSet(false, true)) {
            scheduler.repeat(SWEEP_PERIOD, new Sweep(this));
        }
    }

    /** Returns whether there is something left that may expire. */
    boolean sweep() {
        ticks = ticksNow(clock);
        cache.cleanUp();
        if (size() > 0) {
            return true;
        }
        sweeping.set(false);
        // A write that came just before did not start another sweep.
        return size() > 0 && sweeping.compareAndSet(false, true);
    }

    private Held<V> hold(K key, Entry<V> entry) {
        Objects.requireNonNull(key, "key");
        V value = Objects.requireNonNull(entry.value(), "value");
        int weight = weigher == null ? 0 : weigher.weigh(key, value);
        if (weight < 0) {
            throw new IllegalArgumentException(
                    "A weight must be 0 or more, but the weigher gave %d for key %s".formatted(weight, key));
        }
        return new Held<>(entry, weight);
    }

    private boolean isFresh(Held<V> held) {
        return isFuture(held.entry.freshUntil());
    }

    private boolean isKept(Held<V> held) {
        return isFuture(held.entry.keptUntil());
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }

    /**
     * Builds a {@link CaffeineStore}. Not thread-safe.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    public static final class Builder<K, V> {

        private long bound;

        private @Nullable Weigher<? super K, ? super V> weigher;

        private InstantSource clock = CoarseClock.shared();

        private Scheduler scheduler = Housekeeper.shared();

        private Builder() {}

        /** Keeps about so many entries; 1 or more. Instead of a bound by weight. */
        public Builder<K, V> maxEntries(long entries) {
            bound(entries, "maxEntries");
            return this;
        }

        /** Keeps about so much weight, in the unit of the weigher; 1 or more. Instead of a bound by entries. */
        public Builder<K, V> maxWeight(long weight, Weigher<? super K, ? super V> by) {
            bound(weight, "maxWeight");
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
        public CaffeineStore<K, V> build() {
            if (bound == 0) {
                throw new IllegalStateException("A store in heap needs a bound: call maxEntries or maxWeight");
            }
            return new CaffeineStore<>(this);
        }

        private void bound(long value, String name) {
            if (value <= 0) {
                throw new IllegalArgumentException("%s must be 1 or more, but was %d".formatted(name, value));
            }
            if (bound != 0) {
                throw new IllegalStateException(
                        "Caffeine has one bound, but a second was given: %s = %d".formatted(name, value));
            }
            this.bound = value;
        }
    }
}
