package dev.larder.store.disk;

/**
 * What a pass over a store counted, compared with what the {@link Ledger} said meanwhile, to put the ledger right after crashes
 * and after people deleted files.
 *
 * <p>A pass over a large store takes minutes, in which others put and remove. So each leaf is compared with its share of the
 * ledger's total at the instant when it was counted: entries are in leaves by their hash, so changes are spread evenly. What
 * remains is chance. It is less than the number of changes, and hardly ever more than four times its square root; a difference
 * of less is left alone. At rest there are no changes, and every difference counts.
 *
 * <p>Not thread-safe.
 */
final class Census {

    /** Not shorter: others write their removals about a second late. Not longer: each of their changes makes it less exact. */
    private static final long SETTLING_MILLIS = 3000;

    private static final double DEVIATIONS = 4;

    private final Ledger ledger;

    private final int leaves;

    private final long operationsAtStart;

    private final long operationsOfOthersAtStart;

    private long entries;

    private long bytes;

    private long longest;

    /** The sum of the totals at each leaf. */
    private double entriesOnBooks;

    private double bytesOnBooks;

    private long removed;

    private long removedBytes;

    private long inFlight;

    private boolean disturbed;

    private long operations;

    private long endedAt;

    /** A census that starts now. */
    Census(Ledger ledger, int leaves) {
        this.ledger = ledger;
        this.leaves = leaves;
        this.operationsAtStart = ledger.operations();
        this.operationsOfOthersAtStart = ledger.operationsOfOthers();
    }

    /** An entry of the current leaf. */
    void found(long length) {
        entries++;
        bytes += length;
        longest = Math.max(longest, length);
    }

    /** The last entry was removed by the pass itself, and that was told to the ledger. */
    void removed(long length) {
        removed++;
        removedBytes += length;
    }

    /** An entry is just being written: it may be in the ledger and not in the tree. */
    void inFlight() {
        inFlight++;
    }

    /** Something was not counted, or the ledger was put right meanwhile. */
    void disturb() {
        disturbed = true;
    }

    /** The current leaf has been counted. */
    void endLeaf() {
        entriesOnBooks += ledger.balanceOfEntries() + removed;
        bytesOnBooks += ledger.balanceOfBytes() + removedBytes;
    }

    /** All leaves have been counted. */
    void end(long now) {
        endedAt = now;
        operations = ledger.operations() - operationsAtStart - removed;
    }

    /** Whether what others did until the end is known by now. */
    boolean isSettled(long now) {
        return now - endedAt >= SETTLING_MILLIS;
    }

    /** Puts the ledger right, and returns whether that was necessary. */
    boolean book() {
        ledger.look(0);
        long changes = operations + ledger.operationsOfOthers() - operationsOfOthersAtStart;
        double chance = Math.min((double) changes, DEVIATIONS * Math.sqrt((double) changes)) + (double) inFlight;
        long missingEntries = beyond((double) entries - entriesOnBooks / leaves, chance);
        long missingBytes = beyond((double) bytes - bytesOnBooks / leaves, chance * (double) longest);
        if (disturbed || (missingEntries == 0 && missingBytes == 0)) {
            return false;
        }
        ledger.add(missingEntries, missingBytes);
        return true;
    }

    private static long beyond(double difference, double chance) {
        return Math.abs(difference) > chance ? Math.round(difference) : 0;
    }
}
