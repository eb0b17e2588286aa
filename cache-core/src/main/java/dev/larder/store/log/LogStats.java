package dev.larder.store.log;

/**
 * What a {@link LogStore} does with its disk, over all of its shards.
 *
 * @param segments files of records now, the ones in writing and in reserve included
 * @param liveBytes bytes of the records and files of values that entries are read from
 * @param deadBytes the other bytes on disk: what was replaced, removed or expired, what is preallocated, and footers
 * @param writtenBytes bytes of records and files of values written since the store was opened
 * @param movedBytes those of them that were written to move an entry, and not because a caller wrote
 * @param indexBytes heap that the index takes
 * @param recoveryMillis how long recovery took when the store was opened
 * @param readOnly whether there is no room on the disk, so that writes are dropped
 */
public record LogStats(
        int segments,
        long liveBytes,
        long deadBytes,
        long writtenBytes,
        long movedBytes,
        long indexBytes,
        long recoveryMillis,
        boolean readOnly) {

    /** Of no shard that is open. */
    public static final LogStats NONE = new LogStats(0, 0, 0, 0, 0, 0, 0, false);

    /** How many bytes were written for each byte that callers wrote; 1 when there was none. */
    public double writeAmplification() {
        long asked = writtenBytes - movedBytes;
        return asked <= 0 ? 1 : (double) writtenBytes / asked;
    }

    LogStats plus(LogStats other) {
        return new LogStats(
                segments + other.segments,
                liveBytes + other.liveBytes,
                deadBytes + other.deadBytes,
                writtenBytes + other.writtenBytes,
                movedBytes + other.movedBytes,
                indexBytes + other.indexBytes,
                Math.max(recoveryMillis, other.recoveryMillis),
                readOnly || other.readOnly);
    }
}
