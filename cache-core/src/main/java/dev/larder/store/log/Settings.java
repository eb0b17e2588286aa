package dev.larder.store.log;

/**
 * What a log has to keep to.
 *
 * @param segmentSize the length of a segment in bytes
 * @param share how many bytes of files to keep
 * @param minFree how many bytes to leave free on the file system
 * @param durability what a write survives
 * @param layout a hash of what a log that is to be opened must have in common with this one
 * @param boot what tells this run of the machine from others; 0 if nothing does
 */
record Settings(long segmentSize, long share, long minFree, Durability durability, int layout, long boot) {

    /** A value with which a record is longer than this is a file of its own. */
    long largeFrom() {
        return segmentSize / 4;
    }

    /** The longest file of a value that is kept: the segment that is written and the one in reserve need room, too. */
    long largest() {
        return share - 2 * segmentSize;
    }

    /** Whether what is written has to survive a loss of power, sooner or later. */
    boolean syncs() {
        return durability != Durability.PROCESS;
    }
}
