package dev.larder.store.log;

import dev.larder.store.Entry;
import java.util.function.LongConsumer;

/**
 * Where the newest record of each key is: the memory of a {@link LogStore}. Disposable; it is rebuilt from the segments.
 *
 * <p>The low {@link Partition#HASH_BITS} bits of a key's hash stand for the key. Two keys that share them replace each
 * other, and the reader of a record compares the key: among 10 million keys, that befalls one pair in 20 stores.
 *
 * <p>At most 24 bytes of heap for an entry, on average over the partitions and also when all of them have just grown. Each
 * of 1024 partitions grows by itself, so an index of 10 million entries never copies more than 160 KB at a time.
 *
 * <p>Thread-safe; each operation is atomic, {@link #clear} for each partition. Those that find take no lock. The exception are those that
 * say so: for recovering, before others get the index.
 */
final class Index {

    /**
     * How many partitions there are, as a power of two. Fewer would copy more at a time when they grow; more would cost
     * memory when there are few entries.
     */
    static final int PARTITION_BITS = 10;

    static final int PARTITIONS = 1 << PARTITION_BITS;

    /** What a partition takes besides its slots: a reference, and an object of a header and five fields. */
    private static final int PARTITION_BYTES = 4 + 32;

    private static final int MILLIS = 1000;

    private final Partition[] partitions = new Partition[PARTITIONS];

    Index() {
        for (int i = 0; i < PARTITIONS; i++) {
            partitions[i] = new Partition();
        }
    }

    /** Makes room for so many entries in a partition, in all: nothing is copied while they come. If fewer come the room is wasted. */
    void reserve(int partition, int entries) {
        partitions[partition].reserve(entries);
    }

    /**
     * The place of the newest record of a key.
     *
     * @param now milliseconds since the epoch
     * @return the {@link Place}, or {@link Place#ABSENT} if there is none, or one that is no longer kept. Lives are known
     *     to the second, rounded up: the record knows exactly
     */
    long find(long hash, long now) {
        return of(hash).find(hash, Math.min(now / MILLIS, Partition.FOREVER - 1));
    }

    /**
     * Until when an entry is kept, in milliseconds since the epoch, rounded up to the second; {@link Entry#FOREVER} also
     * for those in more than 80 years, and 0 if there is no entry.
     */
    long keptUntil(long hash) {
        long expiry = of(hash).expiry(hash);
        return expiry == Partition.FOREVER ? Entry.FOREVER : expiry * MILLIS;
    }

    /**
     * Puts an entry, or replaces the one that was there, whatever its life. It counts as not used yet.
     *
     * @param length of the record, in bytes
     * @param keptUntil milliseconds since the epoch
     * @return the place that it had, or {@link Place#ABSENT}
     */
    long put(long hash, long place, int length, long keptUntil) {
        return of(hash).put(hash, Place.withLength(place, length), expiry(keptUntil));
    }

    /**
     * Puts an entry that was found on disk, newest first, unless a newer one or a marker is there. Only as long as nobody else has the
     * partition: a million entries come at a time, and a lock for each would take longer than the rest.
     *
     * @return whether it was put
     */
    boolean putIfUnknown(long hash, long place, int length, long keptUntil) {
        return of(hash).putIfUnknown(hash, Place.withLength(place, length), expiry(keptUntil));
    }

    /** Counts a use of an entry that was found there. May be lost when others are busy nearby. */
    void use(long hash, long place) {
        if (Place.uses(place) < Place.MAX_USES) {
            of(hash).use(hash, place);
        }
    }

    /** Says how often an entry was used, if it is in this place. */
    void setUses(long hash, long place, int uses) {
        of(hash).move(hash, place, Place.withUses(place, uses));
    }

    /**
     * Says that an entry is elsewhere now, unless it was changed meanwhile.
     *
     * @param expected where it was
     * @param uses how many uses it counts from now on
     * @return whether it was still there
     */
    boolean move(long hash, long expected, long place, int uses) {
        return of(hash).move(hash, expected, Place.withUses(place, uses));
    }

    /**
     * Removes an entry, or a marker.
     *
     * @return the place that the entry had, or {@link Place#ABSENT}
     */
    long remove(long hash) {
        return of(hash).remove(hash);
    }

    /** Removes an entry unless it was changed meanwhile, and returns whether it was still there. */
    boolean removeIf(long hash, long expected) {
        return of(hash).removeIf(hash, expected);
    }

    /**
     * Removes an entry and leaves a marker: while recovering, older records of it that are still to be read are not put.
     *
     * @return the place that the entry had, or {@link Place#ABSENT}
     */
    long mark(long hash) {
        return of(hash).put(hash, Place.marker(), Partition.FOREVER);
    }

    /** Leaves a marker for a tombstone that was found on disk, as {@link #putIfUnknown} puts an entry. */
    boolean markIfUnknown(long hash) {
        return of(hash).putIfUnknown(hash, Place.marker(), Partition.FOREVER);
    }

    /** Removes all markers, and tells their hashes: everything on disk has been read. */
    void removeMarkers(LongConsumer removed) {
        for (int i = 0; i < PARTITIONS; i++) {
            Partition partition = partitions[i];
            if (!partition.hasMarkers()) {
                continue;
            }
            partition.forEach(i, (hash, place, expiry) -> {
                if (Place.isMarker(place)) {
                    partition.removeIf(hash, place);
                    removed.accept(hash);
                }
            });
        }
    }

    /** Shows each entry of a partition, from 0 to {@link #PARTITIONS}; it may be changed meanwhile, by the visitor too. */
    void forEach(int partition, Visitor visitor) {
        partitions[partition].forEach(partition, (hash, place, expiry) -> {
            if (!Place.isMarker(place)) {
                visitor.visit(hash, place, expiry == Partition.FOREVER ? Entry.FOREVER : expiry * MILLIS);
            }
        });
    }

    /** Gets each entry of a partition. */
    @FunctionalInterface
    interface Visitor {

        /**
         * An entry.
         *
         * @param hash what the index keeps of it; stands for it in the index's methods
         * @param keptUntil as in {@link Index#keptUntil}
         */
        void visit(long hash, long place, long keptUntil);
    }

    /** Removes everything, markers too. */
    void clear() {
        for (Partition partition : partitions) {
            partition.clear();
        }
    }

    /** The number of entries, those included that are no longer kept and were not removed yet. */
    long size() {
        long size = 0;
        for (Partition partition : partitions) {
            size += partition.size();
        }
        return size;
    }

    /** What all of this takes in the heap, in bytes. */
    long heapBytes() {
        long bytes = 0;
        for (Partition partition : partitions) {
            bytes += PARTITION_BYTES + partition.heapBytes();
        }
        return bytes;
    }

    /** The number of the partition that an entry is in. */
    static int partition(long hash) {
        return (int) hash & PARTITIONS - 1;
    }

    private Partition of(long hash) {
        return partitions[partition(hash)];
    }

    /** Seconds since the epoch, rounded up, so that nothing is taken for dead too early. */
    private static long expiry(long keptUntil) {
        if (keptUntil <= 0) {
            return 0;
        }
        long seconds = (keptUntil - 1) / MILLIS + 1;
        return Math.min(seconds, Partition.FOREVER);
    }
}
