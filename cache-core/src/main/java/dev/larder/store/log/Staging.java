package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.log.LargeFiles.Staged;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Puts large values into files of their own: written before anybody has to wait, named when it is known where the record will be that
 * tells of them.
 *
 * <p>Thread-safe.
 */
final class Staging {

    private final Log log;

    private final Tail tail;

    private final LargeFiles large;

    private final Room room;

    private final Syncer syncer;

    private final Failures failures;

    Staging(Log log, LargeFiles large, Room room, Syncer syncer, Failures failures) {
        this.log = log;
        this.tail = log.tail;
        this.large = large;
        this.room = room;
        this.syncer = syncer;
        this.failures = failures;
    }

    /** Whether a value with which a record has this length belongs in a file of its own. */
    boolean isLarge(long length) {
        return length > log.settings().largeFrom();
    }

    /** Whether a value of this length may be kept at all. */
    boolean isTooLarge(int length) {
        return LargeFormat.fileLength(length) > log.settings().largest();
    }

    /** Writes a value to a file, for which it makes room; null if that cannot be. */
    @Nullable
    Staged stage(Scratch scratch, byte[] value) {
        try {
            long length = LargeFormat.fileLength(value.length);
            if (!large.retired.isEmpty() && !room.hasRoomFor(length)) {
                syncer.sync(); // rather than let something go for files that nobody needs
            }
            room.makeRoomFor(length);
            return large.stage(scratch.hash, value, log.settings().syncs());
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return null;
        }
    }

    /** Gives the file the name that the record which is about to be appended has to tell, and tells it. With {@link Tail#appends}. */
    void commit(Staged staged, byte[] record) throws IOException {
        Segment active = tail.active();
        large.commit(staged, active, active.end(), log.settings().syncs());
        System.arraycopy(staged.told(), 0, record, valueAt(record), LargeFormat.VALUE);
    }

    private static int valueAt(byte[] record) {
        return RecordFormat.HEADER + RecordFormat.keyLength(record, 0) + RecordFormat.etagLength(record, 0);
    }

    /** Appends the record of a file. With {@link Tail#appends}. */
    long append(Staged staged, byte[] record) throws IOException {
        Segment active = tail.active();
        long place = tail.append(record);
        large.recorded(staged, RecordFormat.hash(record, 0), place);
        active.addLarge(staged.length);
        tail.addWritten(staged.length);
        return place;
    }

    /** Deletes a file for which there is no record after all. */
    void discard(Staged staged) {
        large.discard(staged);
    }
}
