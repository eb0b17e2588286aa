package dev.larder.store.log;

import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives entries a new life: the record is appended again, with other instants.
 *
 * <p>Thread-safe.
 */
final class Touches {

    private final Index index;

    private final Tail tail;

    private final LargeFiles large;

    private final Reads reads;

    private final Books books;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Changes changes;

    private final Removals removals;

    Touches(
            Index index,
            Log log,
            LargeFiles large,
            Reads reads,
            Books books,
            StoreCounts counts,
            InstantSource clock,
            Changes changes,
            Removals removals) {
        this.index = index;
        this.tail = log.tail;
        this.large = large;
        this.reads = reads;
        this.books = books;
        this.counts = counts;
        this.clock = clock;
        this.changes = changes;
        this.removals = removals;
    }

    /** Gives an entry a new life, and returns whether there was one. */
    boolean touch(Scratch scratch, long freshUntil, long keptUntil) {
        while (true) {
            if (reads.find(scratch, clock.millis(), true) != Outcome.FOUND) {
                return false;
            }
            long length = RecordFormat.length(scratch.seen, 0);
            Boolean touched = changes.make(
                    length,
                    () -> touchNow(scratch, length, freshUntil, keptUntil),
                    () -> removals.forgetInstead(scratch),
                    Boolean.FALSE);
            if (touched != null) {
                return touched;
            }
        }
    }

    /** Returns null if there is a longer record meanwhile. */
    private @Nullable Boolean touchNow(Scratch scratch, long most, long freshUntil, long keptUntil) throws IOException {
        long now = clock.millis();
        byte[] value = reads.find(scratch, now, true) == Outcome.FOUND ? scratch.value() : null;
        byte[] seen = scratch.seen;
        if (value == null || now >= RecordFormat.keptUntil(seen, 0)) {
            return false;
        }
        if (RecordFormat.length(seen, 0) > most) {
            return null;
        }
        if (now >= keptUntil) {
            removals.buryNow(scratch.hash, counts.expired);
            return true;
        }
        int head = RecordFormat.HEADER + scratch.keyLength + RecordFormat.etagLength(seen, 0);
        byte[] record = new byte[(int) RecordFormat.length(seen, 0)];
        System.arraycopy(seen, 0, record, 0, head);
        System.arraycopy(value, 0, record, head, value.length);
        RecordFormat.setLife(record, freshUntil, keptUntil);
        RecordFormat.setReplaces(record, true);
        appendAgain(record, scratch.hash, scratch.place);
        return true;
    }

    /** Appends the record of an entry again with another life, and points the index to it. */
    private void appendAgain(byte[] record, long hash, long place) throws IOException {
        Segment active = tail.active();
        long again = Place.of(active.slot, active.end());
        if (RecordFormat.kind(record, 0) == RecordFormat.LARGE) {
            active.addLarge(LargeFormat.length(record, 0));
        }
        tail.append(record);
        large.moved(place, again);
        long before = index.put(hash, again, record.length, RecordFormat.keptUntil(record, 0));
        if (before == Place.ABSENT) {
            counts.evicted.decrement(); // meanwhile, and in vain
        } else {
            books.left(before);
            index.setUses(hash, again, Place.uses(before));
        }
        books.added(Place.withLength(again, record.length));
    }
}
