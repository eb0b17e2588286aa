package dev.larder.store.disk;

/**
 * What a pass over a store counted, compared with what the {@link Ledger} said meanwhile, to put the ledger right after crashes
 * and after people deleted files.
 *
 * <p>A pass over a large store takes minutes, in which others put and remove. So each leaf is compared with its share of the
 * ledger's total at the instant when it was counted: entries are in leaves by their hash, so changes are spread evenly. What
 * remains is chance and the delay with which others' changes are known, and never more than the number of changes. A
 * difference of no more than that is left alone: a store at rest is put right exactly, a busy one when it is quieter or far off.
 *
 * <p>Not thread-safe.
 */
final class Census {

    /** Not shorter: others write their removals about a second late. Not longer: each of their changes makes it less exact. */
    private static final long SETTLING_MILLIS = 3000;

    private final Ledger ledger;

    private final int leaves;

    private final Sums ownAtStart;

    private final Sums othersAtStart;

    private long entries;

    private long bytes;

    /** The sum of the totals at each leaf. */
    private double entriesOnBooks;

    private double bytesOnBooks;

    private long removed;

    private long removedBytes;

    private long inFlight;

    private boolean disturbed;

    private Sums own;

    private long endedAt;

    /** A census that starts now. */
    Census(Ledger ledger, int leaves) {
        this.ledger = ledger;
        this.leaves = leaves;
        this.ownAtStart = ledger.own();
        this.othersAtStart = ledger.others();
        this.own = ownAtStart;
    }

    /** An entry of the current leaf. */
    void found(long length) {
        entries++;
        bytes += length;
    }

    /** The last entry was removed by the pass itself, and that was told to the ledger. */
    void removed(long length) {
        removed++;
        removedBytes += length;
    }

    /** An entry is just being written: it may be in the ledger and not in the tree, and nobody knows how long it will be. */
    void inFlight() {
        inFlight++;
    }

    /** Something was not counted, or the ledger was put right meanwhile. */
    void disturb() {
        disturbed = true;
    }

    /** So many leaves have been counted, or do not exist. */
    void endLeaves(int number) {
        Sums total = ledger.total();
        entriesOnBooks += (double) number * (double) (total.entries() + removed);
        bytesOnBooks += (double) number * (double) (total.bytes() + removedBytes);
    }

    /** All leaves have been counted. */
    void end(long now) {
        endedAt = now;
        own = ledger.own();
    }

    /** Whether what others did until the end is known by now. */
    boolean isSettled(long now) {
        return now - endedAt >= SETTLING_MILLIS;
    }

    /** Puts the ledger right, and returns whether that was necessary. */
    boolean book() {
        ledger.lookNow();
        Sums changes = own.minus(ownAtStart).plus(ledger.others().minus(othersAtStart));
        long uncertain = changes.changes() - removed + inFlight;
        long uncertainBytes = changes.traffic() - removedBytes;
        long missingEntries = beyond((double) entries - entriesOnBooks / leaves, uncertain);
        long missingBytes = inFlight > 0 ? 0 : beyond((double) bytes - bytesOnBooks / leaves, uncertainBytes);
        if (disturbed || (missingEntries == 0 && missingBytes == 0)) {
            return false;
        }
        ledger.add(missingEntries, missingBytes);
        return true;
    }

    private static long beyond(double difference, long uncertain) {
        return Math.abs(difference) > (double) uncertain ? Math.round(difference) : 0;
    }
}
