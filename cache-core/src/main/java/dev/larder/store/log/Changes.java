package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes at the end of the log: a record is appended, and then the index is pointed to it, both under one lock, so that the order of
 * records is that in which changes took effect.
 *
 * <p>A change that cannot be written makes room by evicting, and is tried again. If it cannot be written at all, the entry
 * {@linkplain Removals#forgetInstead goes}, and with it all segments that could bring an older value of it back.
 *
 * <p>Thread-safe.
 */
final class Changes {

    /** Each time, the oldest segment goes. More would empty a store whose disk is broken rather than full. */
    private static final int TRIES = 3;

    private final Log log;

    private final Tail tail;

    private final Room room;

    private final Syncer syncer;

    private final Failures failures;

    /** Guarded by {@link Tail#appends}. */
    private boolean closed;

    Changes(Log log, Room room, Syncer syncer, Failures failures) {
        this.log = log;
        this.tail = log.tail;
        this.room = room;
        this.syncer = syncer;
        this.failures = failures;
    }

    /** What to do at the end of the log, where there is room. */
    @FunctionalInterface
    interface Change<T> {
        T run() throws IOException;
    }

    /**
     * Makes a change.
     *
     * @param length how many bytes of records it may append
     * @param without what to do when it cannot be written, with both locks
     * @param closedResult what comes of it when the store is closed
     */
    <T extends @Nullable Object> T make(long length, Change<T> change, Supplier<T> without, T closedResult) {
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                T result;
                long position;
                room.lockWithRoom(length);
                try {
                    if (closed) {
                        return closedResult;
                    }
                    result = change.run();
                    position = tail.position();
                } finally {
                    tail.appends.unlock();
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
            tail.appends.lock();
            try {
                return closed ? closedResult : without.get();
            } finally {
                tail.appends.unlock();
            }
        } finally {
            log.structure.unlock();
        }
    }

    /** Whether nothing is written any more. With {@link Tail#appends}. */
    boolean isClosed() {
        return closed;
    }

    /** Nothing is written from now on. */
    void close() {
        tail.appends.lock();
        try {
            closed = true;
        } finally {
            tail.appends.unlock();
        }
    }
}
