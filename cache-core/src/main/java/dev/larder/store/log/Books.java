package dev.larder.store.log;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * What has to be told when the index changes: to the segments how much of them is alive, and to the files of large values that nobody
 * needs them any more. Thread-safe.
 */
final class Books {

    private static final long SECOND = 1000;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Remains remains;

    private final StoreCounts counts;

    private final Failures failures;

    Books(Index index, Log log, LargeFiles large, Remains remains, StoreCounts counts, Failures failures) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.remains = remains;
        this.counts = counts;
        this.failures = failures;
    }

    /**
     * Points the index to a new record of an entry, and counts what it replaces.
     *
     * @param keptBefore what the index says of the entry so far
     */
    void put(Scratch scratch, long place, int length, long keptUntil, long keptBefore, long now) {
        long before = index.put(scratch.hash, place, length, keptUntil);
        added(Place.withLength(place, length));
        if (before != Place.ABSENT) {
            if (Place.uses(before) > 0) {
                index.setUses(scratch.hash, place, Place.uses(before));
            }
            (isKept(scratch, before, keptBefore, now) ? counts.replaced : counts.expired).increment();
            gone(before);
        }
    }

    /** Whether an entry is kept; the index knows to the second only. */
    boolean isKept(Scratch scratch, long place, long keptUntil, long now) {
        if (keptUntil == Entry.FOREVER || now <= keptUntil - SECOND || now >= keptUntil) {
            return now < keptUntil;
        }
        Segment segment = log.at(Place.segment(place));
        return segment != null && now < segment.keptUntil(scratch, Place.offset(place));
    }

    /** The index points to this place now. */
    void added(long place) {
        Segment segment = log.at(Place.segment(place));
        if (segment != null) {
            segment.live.addAndGet(Place.length(place));
        }
    }

    /** The index does not point to this place any more, because of something that was written. */
    void gone(long place) {
        gone(place, large::retire);
    }

    /** What happens to the file that a record tells of. */
    @FunctionalInterface
    private interface Departure {
        void of(long place) throws IOException;
    }

    private void gone(long place, Departure departure) {
        left(place);
        try {
            departure.of(place);
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
        }
    }

    /** The index does not point to this place any more, but what it tells of stays. */
    void left(long place) {
        Segment segment = log.at(Place.segment(place));
        if (segment != null) {
            segment.live.addAndGet(-Place.length(place));
        }
    }

    /** Takes an entry out of the index that has expired by now, if it is in this place. */
    boolean expire(long hash, long place) {
        return take(hash, place, counts.expired, true, large::retire);
    }

    /** Takes an entry out of the index for lack of room, or because it cannot be read, if it is in this place. */
    boolean evict(long hash, long place) {
        return take(hash, place, counts.evicted, true, large::retire);
    }

    /** The same, of an entry that may come back with its record: whoever removes it then has to leave a tombstone. */
    void doubt(long hash, long place) {
        remains.doubt(hash); // before: who finds no entry has to find this
        evict(hash, place);
    }

    /**
     * Takes an entry out of the index because its segment goes, if it is in this place.
     *
     * @param remain whether there may be older records of it
     */
    boolean dropped(long hash, long place, boolean expired, boolean remain) {
        return take(hash, place, expired ? counts.expired : counts.evicted, remain, large::delete);
    }

    private boolean take(long hash, long place, LongAdder count, boolean remain, Departure departure) {
        long known = index.find(hash, Long.MIN_VALUE); // also tells its length
        if (!Place.isSame(known, place)) {
            return false;
        }
        if (remain) {
            remains.left(hash); // before: who finds no entry has to find this
        }
        if (!index.removeIf(hash, known)) {
            return false;
        }
        count.increment();
        gone(known, departure);
        return true;
    }

    /** Counts the entries that a clear is about to take away; returns whether there was a fresh one. */
    boolean takeAll(Scratch scratch, long now) {
        boolean[] fresh = new boolean[1];
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.forEach(partition, (hash, place, keptUntil) -> {
                boolean kept = isKept(scratch, place, keptUntil, now);
                (kept ? counts.removed : counts.expired).increment();
                fresh[0] = fresh[0] || (kept && isFresh(scratch, place, now));
            });
        }
        return fresh[0];
    }

    private boolean isFresh(Scratch scratch, long place, long now) {
        Segment segment = log.at(Place.segment(place));
        return segment != null && now < segment.freshUntil(scratch, Place.offset(place));
    }
}
