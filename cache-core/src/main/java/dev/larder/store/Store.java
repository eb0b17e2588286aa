package dev.larder.store;

import org.jspecify.annotations.Nullable;

/**
 * A thread-safe map with a life time on each entry, and usually a bound. It may forget an entry at any time, but it
 * never returns one that has expired, and never an older value once a newer one was written.
 *
 * <p>Stores compose: serialization, sharding and tiering are stores made of stores. What composes them relies on what
 * this interface promises:
 *
 * <ul>
 *   <li><b>Nullness.</b> Neither keys nor values are null; a null argument is a {@link NullPointerException}.
 *   <li><b>Life.</b> An entry carries its own absolute instants (see {@link Entry}); the store has no default life
 *       time. An entry whose life is over when it is written is not kept, and what it replaces is removed.
 *   <li><b>Atomicity.</b> Each operation on one key takes effect at one instant between its call and its return.
 *       {@link #clear} takes effect for each key at one instant; a put that is concurrent to it may survive it.
 *   <li><b>Counting.</b> {@link #get} and {@link #pop} count one hit or one miss each and are the only ones that do.
 *       See {@link StoreStats} for the rest.
 *   <li><b>Closing.</b> After {@link #close} every read misses and every write is dropped, so that a request in flight
 *       while an application stops does not fail.
 * </ul>
 *
 * @param <K> the type of keys; equal keys are the same key, and a key must not change while it is in a store
 * @param <V> the type of values
 */
public interface Store<K, V> extends AutoCloseable {

    /**
     * The value of a fresh entry. Counts a hit or a miss; a hit is a use of the entry.
     *
     * @return the value, or null if there is no fresh entry
     */
    @Nullable
    V get(K key);

    /**
     * The entry with its instants, also when it is {@linkplain Entry stale}. A look, not a use: it counts neither hit nor
     * miss and leaves the order of eviction alone.
     *
     * @return a consistent snapshot, or null if there is no entry, or only an expired one
     */
    @Nullable
    Entry<V> entry(K key);

    /** Whether there is a fresh entry. A look, not a use, as {@link #entry}. */
    boolean contains(K key);

    /**
     * Puts an entry, and replaces the one that was there. A use of the entry. One that is larger than the store's bound
     * is not kept, and what it replaces is removed.
     */
    void put(K key, Entry<V> entry);

    /** Puts a value that does not expire. */
    default void put(K key, V value) {
        put(key, Entry.of(value));
    }

    /**
     * Puts an entry unless there is a fresh one, in one atomic step. Counts neither hit nor miss.
     *
     * @return the value of the fresh entry that was there and stays, or null if the new one was put
     */
    @Nullable
    V putIfAbsent(K key, Entry<V> entry);

    /**
     * Gives an entry a new life and leaves its value alone, in one atomic step. Also wakes a stale entry. A use of the
     * entry.
     *
     * @param freshUntil milliseconds since the epoch, as in {@link Entry#freshUntil}
     * @param keptUntil milliseconds since the epoch, as in {@link Entry#keptUntil}
     * @return whether there was an entry, fresh or stale
     */
    boolean touch(K key, long freshUntil, long keptUntil);

    /**
     * Removes an entry.
     *
     * @return whether a fresh entry was there
     */
    boolean remove(K key);

    /**
     * Reads and removes an entry in one atomic step: of several callers, one gets the value. Counts a hit or a miss.
     *
     * @return the value, or null if there was no fresh entry
     */
    @Nullable
    V pop(K key);

    /**
     * Removes all entries.
     *
     * @return whether a fresh entry was there
     */
    boolean clear();

    /**
     * Asks for the right to load the value of a key that is missing. Does not wait. Loading without it is allowed, and
     * merely does work twice.
     *
     * @return what to close when the value was put or could not be loaded, or null while another process loads it
     */
    default @Nullable LoadLease tryBeginLoad(K key) {
        return LoadLease.ALONE;
    }

    /** The number of entries, stale ones included, and expired ones that were not collected yet. */
    long size();

    /** What happened so far, and what is there now. Cheap enough to be called for each meter at each scrape. */
    StoreStats stats();

    /** Releases what the store holds. Has no effect when called again. */
    @Override
    void close();
}
