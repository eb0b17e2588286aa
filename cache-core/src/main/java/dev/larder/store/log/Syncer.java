package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes what was appended survive a loss of power: once a second, or before writes return. Then one thread syncs for all that wrote
 * until it began, while the next wait for their turn.
 *
 * <p>A sync that fails is not tried again, because the system may have forgotten what it could not write, and report success. What is in
 * such a segment is {@linkplain Room#renewFailed written elsewhere}, whoever noticed the failure.
 *
 * <p>Thread-safe. Its lock is taken before those of the log.
 */
final class Syncer {

    /** A disk that fails more often is beyond help. */
    private static final int TRIES = 4;

    private final ReentrantLock turn = new ReentrantLock();

    private final Log log;

    private final LargeFiles large;

    private final Room room;

    private final Failures failures;

    private volatile long synced;

    Syncer(Log log, LargeFiles large, Room room, Failures failures) {
        this.log = log;
        this.large = large;
        this.room = room;
        this.failures = failures;
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
            boolean forced = isForced(mark);
            for (int tries = 1; !forced && tries < TRIES; tries++) {
                large.retired.delete(mark.retired(), false, failures);
                room.renewFailed();
                mark = mark(); // with the tombstones that this has left
                forced = isForced(mark);
            }
            synced = Math.max(synced, mark.position());
            large.retired.delete(mark.retired(), forced, failures);
        } finally {
            turn.unlock();
        }
    }

    /** The end of the log at some time. */
    private record Mark(long position, @Nullable Segment last, long end, List<LargeFiles.Held> retired) {

        /** Up to where a segment has to be synced. */
        long end(Segment segment) {
            if (last == null || segment.number() > last.number()) {
                return 0;
            }
            return segment == last ? end : segment.end();
        }
    }

    private Mark mark() {
        log.tail.appends.lock();
        try {
            Segment last = log.tail.last();
            return new Mark(log.tail.position(), last, last == null ? 0 : last.end(), large.retired.take());
        } finally {
            log.tail.appends.unlock();
        }
    }

    /** Syncs up to there; returns false if that failed. */
    private boolean isForced(Mark mark) {
        try {
            large.force();
            for (Segment segment : log.segments()) {
                if (segment.syncedEnd() < mark.end(segment)) {
                    force(segment);
                }
            }
            if (!log.settings().syncs()) {
                log.settle();
            }
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("sync", ex);
            return false;
        }
    }

    private static void force(Segment segment) throws IOException {
        try {
            segment.force();
        } catch (NoSuchFileException ex) {
            // Dropped meanwhile: what stayed of it was synced before.
        }
    }
}
