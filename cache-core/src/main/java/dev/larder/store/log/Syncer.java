package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes what was appended survive a loss of power: once a second, or before writes return. Then one thread syncs for all that wrote
 * until it began, while the next wait for their turn.
 *
 * <p>A sync that fails is not tried again, because the system may have forgotten what it could not write, and report success. What was
 * not synced is given up: the entries go, and tombstones for them are written elsewhere, and synced.
 *
 * <p>Thread-safe. Its lock is taken before those of the log.
 */
final class Syncer {

    /** What has to be done with records that may be lost. */
    @FunctionalInterface
    interface Abandon {
        void from(Segment segment, long offset);
    }

    private final ReentrantLock turn = new ReentrantLock();

    /** A disk that fails more often is beyond help. */
    private static final int TRIES = 4;

    private final Log log;

    private final Failures failures;

    private final Abandon abandon;

    private volatile long synced;

    /** The segment that is synced in part, and up to where. With {@link #turn}. */
    private long number;

    private long offset;

    Syncer(Log log, Failures failures, Abandon abandon) {
        this.log = log;
        this.failures = failures;
        this.abandon = abandon;
    }

    /** Waits until the log is synced up to this position, if writes have to. */
    void written(long position) {
        if (log.settings().durability() != Durability.ALWAYS) {
            return;
        }
        while (synced < position) {
            turn.lock();
            try {
                if (synced < position) {
                    sync();
                }
            } finally {
                turn.unlock();
            }
        }
    }

    /** Syncs what was appended so far. */
    void sync() {
        turn.lock();
        try {
            Mark mark = mark();
            // What is given up is buried elsewhere, and nobody may rely on that before it is synced as well.
            for (int tries = 1; !isSynced(mark) && tries < TRIES; tries++) {
                mark = mark();
            }
            synced = Math.max(synced, mark.position());
        } finally {
            turn.unlock();
        }
    }

    /** The end of the log at some time. */
    private record Mark(long position, @Nullable Segment last, long end) {}

    private Mark mark() {
        log.appends.lock();
        try {
            Segment last = log.last();
            return new Mark(log.position(), last, last == null ? 0 : last.end());
        } finally {
            log.appends.unlock();
        }
    }

    /** Syncs up to there; returns false if something was given up. */
    private boolean isSynced(Mark mark) {
        Segment last = mark.last();
        return last == null || mark.position() <= synced || forceUpTo(last, mark.end());
    }

    private boolean forceUpTo(Segment last, long end) {
        boolean whole = true;
        for (Segment segment : log.segments()) {
            if (segment.number() < number || segment.number() > last.number()) {
                continue;
            }
            long from = segment.number() == number ? offset : SegmentHeader.LENGTH;
            try {
                segment.force();
                number = segment.number();
                offset = segment == last ? end : segment.end();
            } catch (NoSuchFileException ex) {
                number = segment.number(); // dropped meanwhile
            } catch (IOException | RuntimeException ex) {
                failures.report("sync", ex);
                number = segment.number() + 1;
                offset = SegmentHeader.LENGTH;
                abandon.from(segment, from);
                whole = false;
            }
        }
        log.appends.lock();
        try {
            log.synced(number, offset);
        } finally {
            log.appends.unlock();
        }
        return whole;
    }
}
