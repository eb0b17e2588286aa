package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;

/** Gives up what may be lost because it could not be synced: the entries go, and tombstones for them are written elsewhere. Thread-safe. */
final class Losses {

    private final Index index;

    private final Log log;

    private final Books books;

    private final Room room;

    private final Failures failures;

    Losses(Index index, Log log, Books books, Room room, Failures failures) {
        this.index = index;
        this.log = log;
        this.books = books;
        this.room = room;
        this.failures = failures;
    }

    /** Gives up the records of a segment from this offset on. */
    void abandon(Segment segment, long from) {
        log.structure.lock();
        try {
            log.appends.lock();
            try {
                log.leave();
            } finally {
                log.appends.unlock();
            }
            segment.forgive();
            abandonRecords(segment, from);
            log.passOver(segment);
        } finally {
            log.structure.unlock();
        }
    }

    private void abandonRecords(Segment segment, long from) {
        try {
            Records records = segment.records();
            for (int i = 0; records.end == segment.end() && i < records.count(); i++) {
                if (records.offset(i) >= from) {
                    abandon(segment, records.hash(i), records.offset(i));
                }
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
        }
    }

    private void abandon(Segment segment, long hash, long offset) {
        books.evict(hash, Place.of(segment.slot, offset));
        try {
            room.lockWithRoom(RecordFormat.EMPTY);
            try {
                bury(hash);
            } finally {
                log.appends.unlock();
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            room.dropUpTo(segment.number());
        }
    }

    /** Appends a tombstone for a key that has no entry. */
    private void bury(long hash) throws IOException {
        if (index.keptUntil(hash) == 0) {
            log.append(RecordFormat.tombstone(hash));
            log.addMoved(RecordFormat.EMPTY);
        }
    }
}
