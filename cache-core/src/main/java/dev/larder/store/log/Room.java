package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Sees to it that there is room: a segment in reserve for writers, files that are not longer than they may be, and what can be done when
 * the disk is full or fails.
 *
 * <p>Who stays is up to {@link Eviction}. Where that has no way, the oldest segment goes with all that is in it, which needs no writing
 * and hides nothing.
 *
 * <p>Thread-safe; the work is done with {@link Log#structure}.
 */
final class Room {

    /** How long writes are dropped when the disk is full, before it is tried again. */
    private static final long READ_ONLY_MILLIS = 1000;

    /** Segments up to this length are rewritten while a writer waits: it takes a millisecond. More would be noticed. */
    private static final long BRIEF = 1 << 20;

    /** The share of a segment that is left free, so that there is room for one that is rewritten before others go. */
    private static final int REWRITTEN_DIVISOR = 4;

    /** How often it is tried to write what could not be synced elsewhere. A disk that fails more often is beyond help. */
    private static final int TRIES = 4;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Books books;

    private final Eviction eviction;

    private final InstantSource clock;

    private final Failures failures;

    private final Runnable wake;

    /** How many writers wait for a segment: then as little as possible is written, if segments are long. */
    private volatile int waiting;

    /** With {@link Log#structure}. */
    private long readOnlyUntil = Long.MIN_VALUE;

    private volatile boolean readOnly;

    Room(
            Index index,
            Log log,
            LargeFiles large,
            Books books,
            Eviction eviction,
            InstantSource clock,
            Failures failures,
            Runnable wake) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.books = books;
        this.eviction = eviction;
        this.clock = clock;
        this.failures = failures;
        this.wake = wake;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /**
     * Takes {@link Tail#appends}, with room for records of so many bytes.
     *
     * @throws IOException if there is none; then the lock is not held
     */
    void lockWithRoom(long room) throws IOException {
        while (true) {
            log.tail.appends.lock();
            boolean reserved = false;
            try {
                boolean hadSpare = log.tail.hasSpare();
                reserved = log.tail.reserve(room);
                if (reserved && hadSpare && !log.tail.hasSpare()) {
                    wake.run();
                }
            } finally {
                if (!reserved) {
                    log.tail.appends.unlock();
                }
            }
            if (reserved) {
                return;
            }
            prepareNow();
        }
    }

    private void prepareNow() throws IOException {
        setWaiting(1);
        try {
            prepare();
        } finally {
            setWaiting(-1);
        }
    }

    private synchronized void setWaiting(int change) {
        waiting += change;
    }

    /** Makes sure that there is a segment in reserve, and that the bound holds with it. */
    void prepare() throws IOException {
        log.structure.lock();
        try {
            if (clock.millis() < readOnlyUntil) {
                throw new IOException("There is no room on the disk");
            }
            log.tellIfOwed();
            log.seal();
            renewFailed();
            while (bytes() > most() && free(bytes() - most())) {
                // one segment after another
            }
            try {
                log.makeSpare();
            } catch (IOException ex) {
                makeSpareAgain(ex);
            }
            readOnly = false;
        } finally {
            log.structure.unlock();
        }
    }

    /** How many bytes there may be, so that a segment in reserve fits, and one that is rewritten when that one is in use. */
    private long most() {
        long size = log.settings().segmentSize();
        log.tail.appends.lock();
        try {
            return log.settings().share() - size / REWRITTEN_DIVISOR + (log.tail.hasSpare() ? size : 0);
        } finally {
            log.tail.appends.unlock();
        }
    }

    private void makeSpareAgain(IOException first) throws IOException {
        try {
            if (!drop()) {
                throw first;
            }
            log.makeSpare();
        } catch (IOException ex) {
            readOnly = true;
            readOnlyUntil = clock.millis() + READ_ONLY_MILLIS;
            throw ex;
        }
    }

    private long bytes() {
        return log.files.bytes() + large.bytes();
    }

    /** How many bytes may be written before others go. */
    private long left() {
        return log.settings().share() + log.settings().segmentSize() - bytes();
    }

    /** Makes room on a disk to which nothing can be written; returns whether it did. */
    boolean makeRoom() {
        log.structure.lock();
        try {
            return drop();
        } finally {
            log.structure.unlock();
        }
    }

    /** Whether there is room for a file of its own as it is. */
    boolean hasRoomFor(long length) {
        return length <= left();
    }

    /**
     * Makes room for a file of its own.
     *
     * @throws IOException if there is none
     */
    void makeRoomFor(long length) throws IOException {
        log.structure.lock();
        try {
            while (length > left()) {
                if (!free(length - left()) && !rollToFree()) {
                    throw new IOException("There is no room for a value of %d bytes".formatted(length));
                }
            }
        } finally {
            log.structure.unlock();
        }
    }

    /** Goes on in another segment, so that the one before can go. */
    private boolean rollToFree() throws IOException {
        log.tail.appends.lock();
        try {
            if (log.tail.hasSpare()) {
                log.tail.roll();
                return true;
            }
            log.tail.leave();
        } finally {
            log.tail.appends.unlock();
        }
        return log.oldest() != null;
    }

    /** Lets something go, and returns whether there was anything that could. */
    private boolean free(long need) {
        return log.deleteDoomed() || eviction.evict(need, left(), this::isLate) || drop();
    }

    private boolean isLate() {
        return waiting > 0 && log.settings().segmentSize() > BRIEF;
    }

    /** Drops the oldest segment without writing any entry again; returns whether there was one. */
    private boolean drop() {
        if (log.deleteDoomed()) {
            return true;
        }
        Segment oldest = log.oldest();
        if (oldest == null) {
            return false;
        }
        if (log.settings().syncs()) {
            forceOthers(oldest);
        }
        log.unlist(oldest);
        forget(oldest);
        log.discard(oldest);
        return true;
    }

    /** Should this fail, what replaced entries of the segment may be lost with the power, and nothing else. */
    private void forceOthers(Segment segment) {
        try {
            log.forceOthers(List.of(segment));
        } catch (IOException | RuntimeException ex) {
            failures.report("sync", ex);
        }
    }

    /** Takes out of the index whatever is in a segment. */
    private void forget(Segment segment) {
        try {
            Records records = segment.records();
            long now = clock.millis();
            for (int i = 0; i < records.count(); i++) {
                long hash = records.hash(i);
                long place = Place.of(segment.slot, records.offset(i));
                books.dropped(hash, place, index.find(hash, now) == Place.ABSENT, false);
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
        }
        if (segment.live.get() > 0) {
            forgetUnread(segment);
        }
    }

    private void forgetUnread(Segment segment) {
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.forEach(partition, (hash, place, keptUntil) -> {
                if (Place.segment(place) == segment.slot) {
                    books.dropped(hash, place, false, false);
                }
            });
        }
    }

    /** Drops all segments up to this number without writing. With both locks; with {@link Log#structure}, if none of them is written to. */
    void dropUpTo(long number) {
        for (Segment segment : log.segments()) {
            if (segment.number() <= number) {
                log.unlist(segment);
                forgetUnread(segment);
                log.discard(segment);
            }
        }
    }

    /**
     * Writes again, elsewhere, what is in segments that could not be synced: it can still be read. Where that fails, too, they go with all that
     * is older.
     */
    void renewFailed() {
        log.structure.lock();
        try {
            forgetUnsynced();
            for (int tries = 0; tries < TRIES && !log.failed().isEmpty(); tries++) {
                log.seal();
                if (!renew(log.failed()) && tries > 0) {
                    drop();
                }
            }
            log.failed().forEach(segment -> dropUpTo(segment.number()));
        } finally {
            log.structure.unlock();
        }
    }

    /** Lets go of entries whose files could not be synced: what a loss of power leaves of their records hides what is older. */
    private void forgetUnsynced() {
        for (LargeFiles.Failed failed : large.failed()) {
            log.tail.appends.lock();
            try {
                books.doubt(failed.hash(), failed.place());
            } finally {
                log.tail.appends.unlock();
            }
        }
    }

    private boolean renew(List<Segment> failed) {
        try {
            return log.rewritable().containsAll(failed) && eviction.renew(failed, left());
        } catch (IOException | RuntimeException ex) {
            failures.report("sync", ex);
            return false;
        }
    }

    /** Compacts segments if there is much garbage; returns whether it did. */
    boolean compact() {
        log.structure.lock();
        try {
            Settings settings = log.settings();
            return !readOnly && bytes() <= settings.share() - 2 * settings.segmentSize() && eviction.compact(left());
        } finally {
            log.structure.unlock();
        }
    }
}
