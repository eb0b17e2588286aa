package dev.larder.store.log;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts one segment in the place of others: what is to stay of them is written to it, in one go. Only when it is whole does the state list
 * it, and them no longer; then the index is pointed to it, and they are deleted. So a crash finds either the ones or the other.
 *
 * <p>In the order of the log it comes right before the segment that is written to meanwhile. What it holds was the newest of its key when it
 * was copied, so anything newer is in that one or later. Whoever changes an entry before the index is pointed to the copy makes
 * the copy a dead record, hidden by the newer one.
 *
 * <p>The idea is that of the compaction of LSM trees (O'Neil et al., 1996), and of segments written apart for what survives that of
 * log-structured file systems (Rosenblum and Ousterhout, 1992). For one thread, with {@link Log#structure}.
 */
final class Rewrite {

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Books books;

    private final Ghosts ghosts;

    private final Plan plan;

    private final BooleanSupplier isLate;

    private final long now;

    /** The hashes of keys that have a tombstone. */
    private final LongSet buried = new LongSet();

    /**
     * A rewrite.
     *
     * @param plan which entries stay
     * @param isLate asked again and again: when true, a writer waits
     */
    Rewrite(
            Index index,
            Log log,
            LargeFiles large,
            Books books,
            Ghosts ghosts,
            Plan plan,
            BooleanSupplier isLate,
            long now) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.books = books;
        this.ghosts = ghosts;
        this.plan = plan;
        this.isLate = isLate;
        this.now = now;
    }

    /**
     * Does it all.
     *
     * @return bytes of records that were written
     * @throws IOException if something could not be written; then all is as before
     */
    long run() throws IOException {
        Draft draft = log.draft();
        Segment made = null;
        boolean isListed = false;
        try {
            copy(draft);
            boolean durable = segments().stream().anyMatch(log::mustSync);
            long written = draft.end() - SegmentHeader.LENGTH;
            if (draft.count() > 0) {
                made = log.files.finish(draft, durable);
            }
            if (durable) {
                large.force();
                log.forceOthers(segments());
            }
            isListed = true; // or may be, if this fails
            log.replace(segments(), made, durable);
            commit(made);
            if (made == null) {
                return 0;
            }
            log.addMoved(written);
            return written;
        } finally {
            if (made == null) {
                draft.discard();
            } else if (!isListed) {
                log.discard(made);
            }
        }
    }

    private List<Segment> segments() {
        return plan.sources.stream().map(source -> source.segment).toList();
    }

    private void copy(Draft draft) throws IOException {
        Scratch scratch = Scratch.take();
        try {
            for (Source source : plan.sources) {
                for (int i = 0; i < source.records.count(); i++) {
                    if (!copyEntry(draft, scratch, source, i)) {
                        bury(draft, source, i);
                    }
                }
            }
        } finally {
            scratch.give();
        }
    }

    private boolean copyEntry(Draft draft, Scratch scratch, Source source, int i) throws IOException {
        long place = index.find(source.records.hash(i), now);
        if (!Place.isSame(place, source.place(i))
                || isLate.getAsBoolean()
                || !plan.keeps(source, Place.uses(place), source.cost(i))) {
            return false;
        }
        byte[] record = source.segment.record(scratch, source.records.offset(i));
        if (record == null) {
            return false;
        }
        source.setCopy(i, draft.end());
        draft.add(record);
        return true;
    }

    /** Leaves a tombstone for a record if it may hide something and nothing else does. */
    private void bury(Draft draft, Source source, int i) throws IOException {
        if (!plan.hides(source, i)) {
            return;
        }
        long hash = source.records.hash(i);
        long place = index.find(hash, Long.MIN_VALUE);
        if ((place == Place.ABSENT || Place.isSame(place, source.place(i))) && buried.add(hash)) {
            draft.add(RecordFormat.tombstone(hash));
        }
    }

    /** Writers are not held up by this: each entry is changed in one step, and only if they have not changed it. */
    private void commit(@Nullable Segment made) {
        long entries = index.size();
        for (Source source : plan.sources) {
            for (int i = 0; i < source.records.count(); i++) {
                long copy = source.copy(i);
                long to = made != null && copy != 0 ? Place.of(made.slot, copy) : Place.ABSENT;
                if (source.records.kind(i) == RecordFormat.LARGE) {
                    commitLarge(source, i, to, entries);
                } else {
                    commit(source, i, to, entries);
                }
            }
            log.discard(source.segment);
        }
    }

    /** An entry and its file have to change their places in one step. */
    private void commitLarge(Source source, int i, long to, long entries) {
        log.tail.appends.lock();
        try {
            commit(source, i, to, entries);
        } finally {
            log.tail.appends.unlock();
        }
    }

    private void commit(Source source, int i, long to, long entries) {
        if (to == Place.ABSENT) {
            drop(source, i, source.isYoung ? entries : 0);
        } else {
            move(source, i, to);
        }
    }

    private void move(Source source, int i, long to) {
        long hash = source.records.hash(i);
        long place = index.find(hash, Long.MIN_VALUE);
        if (Place.isSame(place, source.place(i)) && index.move(hash, place, to, source.usesAfter(Place.uses(place)))) {
            books.left(place);
            books.added(Place.moved(place, to));
            large.moved(place, to);
        }
    }

    /** Takes an entry out of the index that does not stay, and makes it a ghost among so many others, if that is not 0. */
    private void drop(Source source, int i, long entries) {
        long hash = source.records.hash(i);
        long place = index.find(hash, Long.MIN_VALUE);
        if (!Place.isSame(place, source.place(i))) {
            return;
        }
        boolean expired = index.find(hash, now) == Place.ABSENT;
        if (books.dropped(hash, place, expired, plan.hides(source, i)) && entries > 0 && !expired) {
            ghosts.add(hash, entries);
        }
    }
}
