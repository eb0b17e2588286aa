package dev.larder.store.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log, to which records are appended: the active segment, the one in reserve that comes after it, and those before that have
 * no footer yet. Which other segments there are it need not know.
 *
 * <p>Guarded by {@link #appends}, which is held for one record at a time. What is called with the lock says so; the rest takes it.
 */
final class Tail {

    /** Taken after {@link Log#structure}, by whoever needs both. */
    final AppendLock appends = new AppendLock();

    /** Bytes that callers wrote. */
    private final AtomicLong written = new AtomicLong();

    private @Nullable Segment active;

    private @Nullable Segment spare;

    /** The last segment that was written to. */
    private @Nullable Segment previous;

    /** Those that are full, and have no footer yet. */
    private final Queue<Segment> unsealed = new ArrayDeque<>();

    private long sequence;

    /** Comes after segments that were found on disk, before the log is used. They are ascending by number. */
    void adopt(List<Segment> found, long lastSequence) {
        sequence = lastSequence;
        for (Segment segment : found) {
            previous = segment;
            if (!segment.isSealed()) {
                unsealed.add(segment);
            }
        }
    }

    long written() {
        return written.get();
    }

    void addWritten(long count) {
        written.addAndGet(count);
    }

    /** What tells how far the log is: grows with each append. With {@link #appends}. */
    long position() {
        return sequence;
    }

    /** The last segment that was written to, if any. With {@link #appends}. */
    @Nullable
    Segment last() {
        return previous;
    }

    /** The segment that is written to. With {@link #appends}, when there is room. */
    Segment active() {
        Segment to = active;
        if (to == null) {
            throw new IllegalStateException("No room was reserved");
        }
        return to;
    }

    /** Whether there is a segment in reserve. With {@link #appends}. */
    boolean hasSpare() {
        return spare != null;
    }

    void setSpare(Segment made) {
        appends.lock();
        try {
            spare = made;
        } finally {
            appends.unlock();
        }
    }

    /**
     * Makes sure that a record of this length can be appended, as long as {@link #appends} is held.
     *
     * @return false if there is no segment for it: then one has to be {@linkplain Log#makeSpare made}
     */
    boolean reserve(long length) throws IOException {
        if (active != null && active.hasRoom(length)) {
            return true;
        }
        if (spare == null) {
            return false;
        }
        roll();
        return true;
    }

    /** Goes on in the spare segment. Its first record tells where the segment before ends. With {@link #appends}. */
    void roll() throws IOException {
        Segment to = spare;
        if (to == null) {
            throw new IOException("There is no segment in reserve");
        }
        leave();
        spare = null;
        byte[] start =
                previous == null ? RecordFormat.start(0, 0) : RecordFormat.start(previous.number(), previous.end());
        RecordFormat.finish(start, to.seed, to.end(), sequence + 1, 0);
        previous = to;
        try {
            to.append(start, start.length, false);
        } catch (IOException ex) {
            unsealed.add(to);
            throw ex;
        }
        sequence++;
        written.addAndGet(start.length);
        active = to;
    }

    /**
     * Appends a record for which there is {@linkplain #reserve room}. With {@link #appends}.
     *
     * @param record described; the rest is filled in
     * @return its place
     * @throws IOException if it could not be written; the segment is left
     */
    long append(byte[] record) throws IOException {
        Segment to = active();
        long offset = to.end();
        int length = (int) RecordFormat.length(record, 0);
        RecordFormat.finish(record, to.seed, offset, sequence + 1, to.syncedEnd());
        try {
            to.append(record, length, true);
        } catch (IOException | RuntimeException ex) {
            leave();
            throw ex;
        }
        if (RecordFormat.kind(record, 0) == RecordFormat.TOMBSTONE) {
            to.addTombstones(length);
        }
        sequence++;
        written.addAndGet(length);
        return Place.of(to.slot, offset);
    }

    /** Writes no more to the active segment. With {@link #appends}. */
    void leave() {
        if (active != null) {
            unsealed.add(active);
            active = null;
        }
    }

    /** Writes no more to any of these. */
    void leaveIfAmong(List<Segment> segments) {
        appends.lock();
        try {
            if (segments.contains(active)) {
                leave();
            }
        } finally {
            appends.unlock();
        }
    }

    /** Those of these segments that are not written any more. */
    List<Segment> finished(List<Segment> segments) {
        appends.lock();
        try {
            return segments.stream()
                    .filter(segment -> segment != active && segment != spare)
                    .toList();
        } finally {
            appends.unlock();
        }
    }

    /**
     * The number that a segment must be below if it is to come before what is written from now on. One that was left and has no footer
     * counts as written to: its successor has to be the one that tells where it ends.
     *
     * @param next the number of the segment that will be in reserve if there is none
     */
    long bound(long next) {
        appends.lock();
        try {
            if (active != null) {
                return active.number();
            }
            if (previous != null && !previous.isSealed()) {
                return previous.number();
            }
            return spare != null ? spare.number() : next;
        } finally {
            appends.unlock();
        }
    }

    /** Takes out one of those that are full and need a footer; null if there is none. */
    @Nullable
    Segment takeUnsealed() {
        appends.lock();
        try {
            return unsealed.poll();
        } finally {
            appends.unlock();
        }
    }

    /** Neither writes to a segment nor gives it a footer, because it goes. */
    void forget(Segment segment) {
        appends.lock();
        try {
            unsealed.remove(segment);
            if (active == segment) {
                active = null;
            }
        } finally {
            appends.unlock();
        }
    }

    /** Forgets all segments. With {@link #appends}. */
    void clear() {
        unsealed.clear();
        active = null;
        spare = null;
        previous = null;
    }

    /** Ends when nothing is appended any more; returns the segment that was in reserve, if any. */
    @Nullable
    Segment close() {
        appends.lock();
        try {
            leave();
            Segment unused = spare;
            spare = null;
            return unused;
        } finally {
            appends.unlock();
        }
    }
}
