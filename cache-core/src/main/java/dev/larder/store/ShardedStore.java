package dev.larder.store;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} made of several, each of which holds the keys of one part of all hash codes. What takes a lock in one of
 * them does not hold up the others, and each is bounded by itself.
 *
 * <p>A shard is opened when it is used for the first time, once, or by {@link #open}. One that cannot be opened does not
 * reach the caller: it is reported, is empty for now, and is tried again once a second. If something was to be changed in
 * it meanwhile, it is discarded, and cleared when it opens, so that nothing comes back that was replaced or removed.
 *
 * <p>Where shards outlive the process, the hash code of a key must be the same in each run (as that of a string is), and
 * with another number of shards all of them must start empty.
 *
 * <p>Statistics and {@link #size} are the sums of those of the shards that are open. {@link #clear} opens all shards, since
 * there may be something in them, and clears one after another.
 *
 * <p>Thread-safe. Closing it closes the shards.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class ShardedStore<K, V> implements Store<K, V> {

    private final List<Shard<K, V>> shards = new ArrayList<>();

    private ShardedStore(
            int count,
            IntFunction<? extends Store<K, V>> opener,
            IntConsumer discarder,
            Failures failures,
            InstantSource clock) {
        for (int i = 0; i < count; i++) {
            int number = i;
            shards.add(new Shard<>(() -> opener.apply(number), () -> discarder.accept(number), failures, clock));
        }
    }

    /**
     * A store of so many shards, none of them open yet.
     *
     * @param count how many; at least 1
     * @param opener opens the shard of a number, from 0; a failure is a {@code RuntimeException}
     * @param discarder makes that a shard that cannot be opened is empty when it is, by this process or the next; a failure is a
     *     {@code RuntimeException}. Nothing to do where shards do not outlive the process
     * @param failures where shards that cannot be opened are reported
     * @param clock tells when to try again
     */
    public static <K, V> ShardedStore<K, V> of(
            int count,
            IntFunction<? extends Store<K, V>> opener,
            IntConsumer discarder,
            Failures failures,
            InstantSource clock) {
        if (count < 1) {
            throw new IllegalArgumentException("A sharded store needs at least 1 shard, but was given " + count);
        }
        return new ShardedStore<>(count, opener, discarder, failures, clock);
    }

    /** Opens all shards that are not open, and throws what the first one that fails throws. */
    public void open() {
        shards.forEach(Shard::open);
    }

    @Override
    public @Nullable V get(K key) {
        return shard(key).toRead().get(key);
    }

    @Override
    public @Nullable Entry<V> entry(K key) {
        return shard(key).toRead().entry(key);
    }

    @Override
    public boolean contains(K key) {
        return shard(key).toRead().contains(key);
    }

    @Override
    public void put(K key, Entry<V> entry) {
        shard(key).toWrite().put(key, entry);
    }

    @Override
    public @Nullable V putIfAbsent(K key, Entry<V> entry) {
        return shard(key).toWrite().putIfAbsent(key, entry);
    }

    @Override
    public boolean touch(K key, long freshUntil, long keptUntil) {
        return shard(key).toWrite().touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(K key) {
        return shard(key).toWrite().remove(key);
    }

    @Override
    public @Nullable V pop(K key) {
        return shard(key).toWrite().pop(key);
    }

    @Override
    public boolean clear() {
        boolean[] wasFresh = new boolean[1];
        forEach(shard -> wasFresh[0] |= shard.toWrite().clear());
        return wasFresh[0];
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(K key) {
        return shard(key).toRead().tryBeginLoad(key);
    }

    @Override
    public long size() {
        return shards.stream().mapToLong(shard -> shard.toCount().size()).sum();
    }

    @Override
    public StoreStats stats() {
        return shards.stream().map(Shard::stats).reduce(StoreStats.NONE, StoreStats::plus);
    }

    @Override
    public void close() {
        forEach(Shard::close);
    }

    /** Does something to all shards even if it fails in some, and then throws the first failure. */
    private void forEach(Consumer<Shard<K, V>> action) {
        RuntimeException failure = null;
        for (Shard<K, V> shard : shards) {
            try {
                action.accept(shard);
            } catch (RuntimeException ex) {
                if (failure == null) {
                    failure = ex;
                } else {
                    failure.addSuppressed(ex);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Shard<K, V> shard(K key) {
        return shards.get(shard(key.hashCode(), shards.size()));
    }

    /**
     * The number of the shard of a hash code: its bits are mixed (the last step of MurmurHash3) and the upper ones count,
     * so that what a shard makes of the same hash code is spread as evenly as over all keys.
     */
    static int shard(int hashCode, int count) {
        int mixed = (hashCode ^ (hashCode >>> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
        mixed ^= mixed >>> 16;
        return (int) ((Integer.toUnsignedLong(mixed) * count) >>> Integer.SIZE);
    }
}
