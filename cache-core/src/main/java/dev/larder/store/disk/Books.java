package dev.larder.store.disk;

import java.io.IOException;

/** What writes tell the bounds, in the order that these need. Who calls holds the lock of the key. Thread-safe. */
final class Books {

    private final Ledger ledger;

    private final Recency recency;

    private final Evictor evictor;

    private final Sweep sweep;

    Books(Ledger ledger, Recency recency, Evictor evictor, Sweep sweep) {
        this.ledger = ledger;
        this.recency = recency;
        this.evictor = evictor;
        this.sweep = sweep;
    }

    /** Whether an entry of this length could be kept if it were the only one. */
    boolean fits(long bytes) {
        return evictor.fits(bytes);
    }

    /**
     * Before an entry can be seen: counts what is more than before, and removes others if that is too much.
     *
     * @param entries how many more there will be
     * @param bytes how many more there will be; may be negative, and is then not counted yet
     * @throws IOException if the store is far over its bounds and nothing can be removed; nothing is counted then
     */
    void makeRoom(String id, long entries, long bytes) throws IOException {
        long more = Math.max(0, bytes);
        if (entries > 0 || more > 0) {
            ledger.add(entries, more);
            // A little over, what could go is just being used, and the next put or the background will remove it.
            if (!evictor.makeRoom(id, entries, more) && evictor.isFarOver()) {
                takeBack(entries, more);
                throw new IOException(
                        "The store has %d entries of %d bytes, which is over its bounds, and none of them can be deleted"
                                .formatted(ledger.entries(), ledger.bytes()));
            }
        }
    }

    /** Takes back what {@link #makeRoom} counted. */
    void takeBack(long entries, long bytes) {
        add(-entries, -Math.max(0, bytes));
    }

    /**
     * An entry was written.
     *
     * @param bytes as for {@link #makeRoom}
     */
    void written(String id, long bytes, long keptUntil) {
        add(0, Math.min(0, bytes));
        recency.written(id);
        sweep.expect(keptUntil);
    }

    void used(String id) {
        recency.used(id);
    }

    void removed(String id, long bytes) {
        add(-1, -bytes);
        recency.forget(id);
    }

    private void add(long entries, long bytes) {
        if (entries != 0 || bytes != 0) {
            ledger.add(entries, bytes);
        }
    }
}
