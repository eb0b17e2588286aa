package dev.larder.store.log;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import dev.larder.store.log.LargeFiles.Staged;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes entries: appends a record, and then points the index to it, both under one lock, so that the order of records is that in
 * which changes took effect.
 *
 * <p>A change that cannot be written makes room by evicting, and is tried again. If it cannot be written at all, the entry goes, and with it
 * all segments that could bring an older value of it back.
 *
 * <p>Thread-safe.
 */
final class Writes {

    /** Each time, the oldest segment goes. More would empty a store whose disk is broken rather than full. */
    private static final int TRIES = 3;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Reads reads;

    private final Books books;

    private final Room room;

    private final Remains remains;

    private final Ghosts ghosts;

    private final Syncer syncer;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    /** Guarded by {@link Tail#appends}. */
    private boolean closed;

    Writes(
            Index index,
            Log log,
            LargeFiles large,
            Reads reads,
            Books books,
            Room room,
            Remains remains,
            Ghosts ghosts,
            Syncer syncer,
            StoreCounts counts,
            InstantSource clock,
            Failures failures) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.reads = reads;
        this.books = books;
        this.room = room;
        this.remains = remains;
        this.ghosts = ghosts;
        this.syncer = syncer;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /** What to do at the end of the log, where there is room. */
    @FunctionalInterface
    private interface Change<T> {
        T make() throws IOException;
    }

    /**
     * Makes a change.
     *
     * @param length how many bytes of records it may append
     * @param without what to do when it cannot be written, with both locks
     * @param closedResult what comes of it when the store is closed
     */
    private <T extends @Nullable Object> T write(long length, Change<T> change, Supplier<T> without, T closedResult) {
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                T result;
                long position;
                room.lockWithRoom(length);
                try {
                    if (closed) {
                        return closedResult;
                    }
                    result = change.make();
                    position = log.tail.position();
                } finally {
                    log.tail.appends.unlock();
                }
                syncer.written(position);
                return result;
            } catch (IOException | RuntimeException ex) {
                failures.report("write", ex);
                if (!room.makeRoom()) {
                    break;
                }
            }
        }
        return withoutWriting(without, closedResult);
    }

    private <T extends @Nullable Object> T withoutWriting(Supplier<T> without, T closedResult) {
        log.structure.lock();
        try {
            log.tail.appends.lock();
            try {
                return closed ? closedResult : without.get();
            } finally {
                log.tail.appends.unlock();
            }
        } finally {
            log.structure.unlock();
        }
    }

    /** Puts an entry. The key has been set. */
    void put(Scratch scratch, Entry<byte[]> entry) {
        if (!entry.isKept(clock.millis())) {
            putOver(scratch);
            return;
        }
        putIf(scratch, entry, false);
    }

    /** Puts an entry unless there is a fresh one, whose value is then left in the scratch; returns whether it was put. */
    boolean putIfAbsent(Scratch scratch, Entry<byte[]> entry) {
        return putIf(scratch, entry, true);
    }

    private boolean putIf(Scratch scratch, Entry<byte[]> entry, boolean absent) {
        byte[] value = entry.value();
        byte[] etag = etag(entry);
        long length = RecordFormat.length(scratch.keyLength, etag.length, value.length);
        if (length <= log.settings().largeFrom()) {
            fill(scratch, RecordFormat.PUT, entry, etag, value);
            return write(length, () -> putNow(scratch, entry, null, absent), () -> forgetPut(scratch), false);
        }
        if (LargeFiles.fileLength(value.length) > log.settings().largest()) {
            return forgetWith(scratch, absent);
        }
        Staged staged = stage(scratch, value);
        if (staged == null) {
            return forgetWith(scratch, absent);
        }
        fill(scratch, RecordFormat.LARGE, entry, etag, staged.value());
        try {
            return write(
                    RecordFormat.length(scratch.record, 0),
                    () -> putNow(scratch, entry, staged, absent),
                    () -> forgetPut(scratch),
                    false);
        } finally {
            large.discard(staged);
        }
    }

    /** Reads the value of an entry into the scratch, and returns whether there is one that is fresh. */
    private boolean findFresh(Scratch scratch, long now) {
        return reads.findValue(scratch, now) == Outcome.FOUND && now < RecordFormat.freshUntil(scratch.seen, 0);
    }

    private boolean putNow(Scratch scratch, Entry<byte[]> entry, @Nullable Staged staged, boolean absent)
            throws IOException {
        long now = clock.millis();
        if (absent && findFresh(scratch, now)) {
            return false;
        }
        if (!entry.isKept(now)) {
            counts.puts.increment();
            counts.expired.increment();
            buryNow(scratch, now);
            return true;
        }
        long length = RecordFormat.length(scratch.record, 0);
        if (staged != null) {
            Segment active = log.tail.active();
            long offset = active.end();
            large.commit(staged, active, offset, log.settings().syncs());
            System.arraycopy(staged.value(), 0, scratch.record, valueAt(scratch.record), LargeFiles.VALUE);
            length += staged.length;
        }
        long keptBefore = index.keptUntil(scratch.hash);
        boolean isNew = keptBefore == 0;
        RecordFormat.setReplaces(scratch.record, !isNew || remains.has(scratch.hash));
        long place = append(scratch.record, staged);
        counts.puts.increment();
        books.put(scratch, place, length, entry.keptUntil(), keptBefore, now);
        if (isNew && ghosts.take(scratch.hash)) {
            index.setUses(scratch.hash, place, Eviction.USED_GHOST);
        }
        return true;
    }

    private long append(byte[] record, @Nullable Staged staged) throws IOException {
        Segment active = log.tail.active();
        long place = log.tail.append(record);
        if (staged != null) {
            large.recorded(staged, place);
            active.addLarge(staged.length);
            log.tail.addWritten(staged.length);
        }
        return place;
    }

    private static int valueAt(byte[] record) {
        return RecordFormat.HEADER + RecordFormat.keyLength(record, 0) + RecordFormat.etagLength(record, 0);
    }

    private @Nullable Staged stage(Scratch scratch, byte[] value) {
        try {
            long length = LargeFiles.fileLength(value.length);
            if (large.hasRetired() && !room.hasRoomFor(length)) {
                syncer.sync(); // rather than let something go for files that nobody needs
            }
            room.makeRoomFor(length);
            return large.stage(scratch.hash, value, log.settings().syncs());
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return null;
        }
    }

    /** A value for which there is no room: what it replaces goes. */
    private boolean forgetWith(Scratch scratch, boolean absent) {
        return write(
                RecordFormat.EMPTY,
                () -> {
                    long now = clock.millis();
                    if (absent && findFresh(scratch, now)) {
                        return false;
                    }
                    counts.puts.increment();
                    counts.evicted.increment();
                    buryNow(scratch, now);
                    return true;
                },
                () -> forgetPut(scratch),
                false);
    }

    private boolean forgetPut(Scratch scratch) {
        forget(scratch);
        return true;
    }

    /** A put of an entry whose life is over: what was there goes. */
    private void putOver(Scratch scratch) {
        write(
                RecordFormat.EMPTY,
                () -> {
                    counts.puts.increment();
                    counts.expired.increment();
                    buryNow(scratch, clock.millis());
                    return true;
                },
                () -> forgetPut(scratch),
                false);
    }

    /** Takes the entry of a key out, as one that was replaced. */
    private void buryNow(Scratch scratch, long now) throws IOException {
        long keptUntil = index.keptUntil(scratch.hash);
        if (keptUntil == 0) {
            return;
        }
        boolean kept = books.isKept(scratch, index.find(scratch.hash, Long.MIN_VALUE), keptUntil, now);
        buryNow(scratch.hash, kept ? counts.replaced : counts.expired);
    }

    /** Buries an entry and counts it, unless somebody else has taken it out meanwhile. */
    private void buryNow(long hash, LongAdder count) throws IOException {
        long before = tombstone(hash);
        if (before != Place.ABSENT) {
            count.increment();
            books.gone(before);
        }
    }

    /** Appends a tombstone, and takes the entry out of the index. */
    private long tombstone(long hash) throws IOException {
        log.tail.append(RecordFormat.tombstone(hash));
        remains.left(hash);
        return index.remove(hash);
    }

    /**
     * Removes the entry of a key.
     *
     * @param whole whether to read its value into the scratch
     * @return whether it was fresh
     */
    boolean take(Scratch scratch, boolean whole) {
        return write(
                RecordFormat.EMPTY,
                () -> {
                    long now = clock.millis();
                    Outcome outcome = whole ? reads.findValue(scratch, now) : reads.find(scratch, now, false);
                    return takeNow(scratch, outcome, now);
                },
                () -> {
                    long now = clock.millis();
                    boolean fresh = findFresh(scratch, now);
                    forget(scratch);
                    return fresh;
                },
                false);
    }

    private boolean takeNow(Scratch scratch, Outcome outcome, long now) throws IOException {
        switch (outcome) {
            case OTHER_KEY, GONE -> {
                return false;
            }
            case ABSENT -> {
                long before = index.remove(scratch.hash);
                if (before != Place.ABSENT) {
                    remains.left(scratch.hash);
                    counts.expired.increment();
                    books.gone(before);
                }
                return false;
            }
            case FOUND -> {
                boolean kept = now < RecordFormat.keptUntil(scratch.seen, 0);
                buryNow(scratch.hash, kept ? counts.removed : counts.expired);
                return now < RecordFormat.freshUntil(scratch.seen, 0);
            }
            case DAMAGED, UNREADABLE -> {
                buryNow(scratch.hash, counts.evicted);
                return false;
            }
        }
        return false;
    }

    /** Buries what was found to be damaged, so that it does not come back should it be read well another time. */
    void bury(Scratch scratch) {
        long place = scratch.place;
        write(
                RecordFormat.EMPTY,
                () -> {
                    if (books.evict(scratch.hash, place)) {
                        tombstone(scratch.hash);
                    }
                    return true;
                },
                () -> forgetPut(scratch),
                false);
    }

    /** Gives an entry a new life, and returns whether there was one. */
    boolean touch(Scratch scratch, long freshUntil, long keptUntil) {
        while (true) {
            if (reads.find(scratch, clock.millis(), true) != Outcome.FOUND) {
                return false;
            }
            long length = RecordFormat.length(scratch.seen, 0);
            Boolean touched = write(
                    length,
                    () -> touchNow(scratch, length, freshUntil, keptUntil),
                    () -> forgetPut(scratch),
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
            buryNow(scratch.hash, counts.expired);
            return true;
        }
        int head = RecordFormat.HEADER + scratch.keyLength + RecordFormat.etagLength(seen, 0);
        byte[] record = new byte[(int) RecordFormat.length(seen, 0)];
        System.arraycopy(seen, 0, record, 0, head);
        System.arraycopy(value, 0, record, head, value.length);
        Bytes.putLong(record, 24, freshUntil);
        Bytes.putLong(record, 32, keptUntil);
        RecordFormat.setReplaces(record, true);
        appendAgain(record, scratch.hash, scratch.place);
        return true;
    }

    /** Appends the record of an entry again with another life, and points the index to it. */
    private void appendAgain(byte[] record, long hash, long place) throws IOException {
        Segment active = log.tail.active();
        long again = Place.of(active.slot, active.end());
        long length = record.length;
        if (RecordFormat.kind(record, 0) == RecordFormat.LARGE) {
            length += LargeFiles.length(record, 0);
            active.addLarge(length - record.length);
        }
        log.tail.append(record);
        large.moved(place, again);
        int known = (int) Math.min(length, Integer.MAX_VALUE);
        long before = index.put(hash, again, known, RecordFormat.keptUntil(record, 0));
        if (before == Place.ABSENT) {
            counts.evicted.decrement(); // meanwhile, and in vain
        } else {
            books.left(before);
            index.setUses(hash, again, Place.uses(before));
        }
        books.added(Place.withLength(again, known));
    }

    /** Removes all entries, and returns whether there was a fresh one. */
    boolean clear(Scratch scratch) {
        log.structure.lock();
        try {
            boolean fresh;
            boolean written;
            log.tail.appends.lock();
            try {
                if (closed) {
                    return false;
                }
                fresh = books.takeAll(scratch, clock.millis());
                index.clear();
                large.clear(failures);
                written = log.clear();
            } finally {
                log.tail.appends.unlock();
            }
            while (!written && log.deleteDoomed()) {
                // what cannot be said to be gone has to be gone
            }
            return fresh;
        } finally {
            log.structure.unlock();
        }
    }

    /** Drops the entry and all that could bring an older value of it back, without writing. With both locks. */
    private void forget(Scratch scratch) {
        long place = index.find(scratch.hash, Long.MIN_VALUE);
        if (place != Place.ABSENT) {
            Segment newest = log.at(Place.segment(place));
            books.evict(scratch.hash, place);
            room.dropUpTo(newest == null ? Long.MAX_VALUE : newest.number());
        }
    }

    /** Nothing is written from now on. */
    void close() {
        log.tail.appends.lock();
        try {
            closed = true;
        } finally {
            log.tail.appends.unlock();
        }
    }

    private static byte[] etag(Entry<byte[]> entry) {
        String etag = entry.etag();
        byte[] bytes = etag == null ? new byte[0] : Texts.encode(etag);
        return bytes.length > RecordFormat.MAX_ETAG ? new byte[0] : bytes;
    }

    private void fill(Scratch scratch, int kind, Entry<byte[]> entry, byte[] etag, byte[] value) {
        int flags = scratch.keyFlags;
        String text = entry.etag();
        if (text != null && (etag.length > 0 || text.isEmpty())) {
            flags |= RecordFormat.WITH_ETAG | (Texts.isWide(text) ? RecordFormat.ETAG_UTF16 : 0);
        }
        int head = RecordFormat.HEADER + scratch.keyLength;
        scratch.reserveRecord((int) RecordFormat.length(scratch.keyLength, etag.length, value.length));
        byte[] record = scratch.record;
        RecordFormat.describe(
                record,
                kind,
                flags,
                scratch.hash,
                entry.freshUntil(),
                entry.keptUntil(),
                scratch.keyLength,
                etag.length,
                value.length);
        System.arraycopy(etag, 0, record, head, etag.length);
        System.arraycopy(value, 0, record, head + etag.length, value.length);
    }
}
