package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes entries out, and leaves tombstones, so that no older record brings them back.
 *
 * <p>Thread-safe.
 */
final class Removals {

    private final Index index;

    private final Log log;

    private final Tail tail;

    private final LargeFiles large;

    private final Reads reads;

    private final Books books;

    private final Room room;

    private final Remains remains;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    private final Changes changes;

    Removals(
            Index index,
            Log log,
            LargeFiles large,
            Reads reads,
            Books books,
            Room room,
            Remains remains,
            StoreCounts counts,
            InstantSource clock,
            Failures failures,
            Changes changes) {
        this.index = index;
        this.log = log;
        this.tail = log.tail;
        this.large = large;
        this.reads = reads;
        this.books = books;
        this.room = room;
        this.remains = remains;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
        this.changes = changes;
    }

    /**
     * Removes the entry of a key.
     *
     * @param whole whether to read its value into the scratch
     * @return whether it was fresh
     */
    boolean take(Scratch scratch, boolean whole) {
        return changes.make(
                RecordFormat.EMPTY,
                () -> {
                    long now = clock.millis();
                    Outcome outcome = whole ? reads.findValue(scratch, now) : reads.find(scratch, now, false);
                    return takeNow(scratch, outcome, now);
                },
                () -> {
                    long now = clock.millis();
                    boolean fresh = reads.findFresh(scratch, now);
                    forget(scratch);
                    return fresh;
                },
                false);
    }

    private boolean takeNow(Scratch scratch, Outcome outcome, long now) throws IOException {
        switch (outcome) {
            case OTHER_KEY -> {
                return false;
            }
            case ABSENT -> {
                takeAbsent(scratch.hash);
                return false;
            }
            case FOUND -> {
                boolean kept = now < RecordFormat.keptUntil(scratch.seen, 0);
                buryNow(scratch.hash, kept ? counts.removed : counts.expired);
                return now < RecordFormat.freshUntil(scratch.seen, 0);
            }
            case DAMAGED, UNREADABLE, GONE -> {
                buryNow(scratch.hash, counts.evicted);
                return false;
            }
        }
        return false;
    }

    /** Nothing has to be buried, unless an entry that has gone may come back. */
    private void takeAbsent(long hash) throws IOException {
        long before = log.isOwed() || remains.isDoubtful(hash) ? tombstone(hash) : index.remove(hash);
        if (before != Place.ABSENT) {
            remains.left(hash);
            counts.expired.increment();
            books.gone(before);
        }
    }

    /** Buries what was found to be damaged, so that it does not come back should it be read well another time. */
    void bury(Scratch scratch) {
        long place = scratch.place;
        changes.make(
                RecordFormat.EMPTY,
                () -> {
                    if (Place.isSame(index.find(scratch.hash, Long.MIN_VALUE), place)) {
                        buryNow(scratch.hash, counts.evicted);
                    }
                    return true;
                },
                () -> forgetInstead(scratch),
                false);
    }

    /** Takes the entry of a key out, as one that was replaced. With {@link Tail#appends}, where there is room. */
    void buryNow(Scratch scratch, long now) throws IOException {
        long keptUntil = index.keptUntil(scratch.hash);
        if (keptUntil == 0) {
            takeAbsent(scratch.hash);
            return;
        }
        boolean kept = books.isKept(scratch, index.find(scratch.hash, Long.MIN_VALUE), keptUntil, now);
        buryNow(scratch.hash, kept ? counts.replaced : counts.expired);
    }

    /** Buries an entry and counts it, unless somebody else has taken it out meanwhile. With {@link Tail#appends}, where there is room. */
    void buryNow(long hash, LongAdder count) throws IOException {
        long before = tombstone(hash);
        if (before != Place.ABSENT) {
            count.increment();
            books.gone(before);
        }
    }

    /** Appends a tombstone, and takes the entry out of the index. */
    private long tombstone(long hash) throws IOException {
        tail.append(RecordFormat.tombstone(hash));
        remains.left(hash);
        return index.remove(hash);
    }

    /** Removes all entries, and returns whether there was a fresh one. */
    boolean clear(Scratch scratch) {
        log.structure.lock();
        try {
            boolean fresh;
            tail.appends.lock();
            try {
                if (changes.isClosed()) {
                    return false;
                }
                fresh = books.takeAll(scratch, clock.millis());
                index.clear();
                boolean written = log.clear();
                while (!written && log.deleteDoomed()) {
                    // what cannot be said to be gone has to be gone
                }
                large.clear(failures);
            } finally {
                tail.appends.unlock();
            }
            return fresh;
        } finally {
            log.structure.unlock();
        }
    }

    /** What comes of a change that could not be written. With both locks. */
    boolean forgetInstead(Scratch scratch) {
        forget(scratch);
        return true;
    }

    /** Drops the entry and all that could bring an older value of it back, without writing. With both locks. */
    private void forget(Scratch scratch) {
        log.discardUndecided();
        long place = index.find(scratch.hash, Long.MIN_VALUE);
        if (place != Place.ABSENT) {
            Segment newest = log.at(Place.segment(place));
            books.evict(scratch.hash, place);
            room.dropUpTo(newest == null ? Long.MAX_VALUE : newest.number());
        }
    }
}
