package dev.larder.store.log;

/** The records of a segment by the partition of the index that they belong to; those of a partition in their order. */
final class Sorted {

    final Segment segment;

    final Records records;

    /** Where the records of a partition begin, and in the place behind, where they end. */
    private final int[] starts;

    Sorted(Segment segment, Records records) {
        this.segment = segment;
        this.starts = records.starts();
        this.records = records.sorted(starts);
    }

    /** The first record of a partition. */
    int from(int partition) {
        return starts[partition];
    }

    /** The one behind its last. */
    int to(int partition) {
        return starts[partition + 1];
    }

    /** How many records a partition has here, of which it may keep fewer. */
    int count(int partition) {
        return to(partition) - from(partition);
    }
}
