package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.disk.Tree.Candidate;
import dev.larder.store.disk.Tree.Debris;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Cleans a store in the background: a pass goes over all leaves and removes entries whose life is over, temporary files of
 * dead writers, and bodies that no manifest names any more; it counts what stays, for the {@link Ledger} ({@link Census}).
 *
 * <p><b>Who.</b> Of the processes that share a store one makes passes: the holder of a lease. When it ends or dies another one
 * follows within a minute and a half.
 *
 * <p><b>When.</b> A pass starts when the store is opened, when an entry expires, some seconds after other processes wrote (their
 * entries may expire), and {@link #REST} after the last one. Otherwise nothing is read.
 *
 * <p><b>How much.</b> One {@linkplain Pace run} does little, as nginx's cache manager. So an entry leaves about a second after it
 * expired, and in a store of more than {@value Pace#FILES} entries a second later for each so many. A leaf is swept whole.
 *
 * <p>{@link #run} must not overlap with itself; all else is thread-safe.
 */
final class Sweep {

    /** Not shorter: a pass reads every manifest. Not longer: whoever looks for what a crash left should find it gone. */
    static final Duration REST = Duration.ofMinutes(10);

    /**
     * How long a temporary file of another host, where nobody knows who lives, must have been left alone. Not shorter: a
     * download may stall. Not longer: its space is wanted.
     */
    static final Duration ABANDONED = Duration.ofHours(1);

    /**
     * How long after a pass another one is made for what other processes wrote meanwhile. Not shorter: while they write, passes
     * follow each other at this distance. Not longer: their entries expire without this process knowing when.
     */
    private static final long REST_FROM_OTHERS_MILLIS = 10_000;

    /** Not shorter: each try reads a file. Not longer: a store should be swept soon after its sweeper died. */
    private static final long ELECTION_MILLIS = 30_000;

    /** When something that is in the way now is tried again. */
    private static final long RETRY_MILLIS = 1000;

    /** The name of the lease; keys have longer ones. */
    private static final String LEASE = "sweep";

    /** When the next entry expires, as far as is known. */
    private final AtomicLong expected = new AtomicLong(Entry.FOREVER);

    private final Tree tree;

    private final Ledger ledger;

    private final Leases leases;

    private final long payloadGraceMillis;

    private final InstantSource clock;

    private final Failures failures;

    private Leases.@Nullable Lease lease;

    private long nextElection = Long.MIN_VALUE;

    /** Of the pass that is being made. */
    private @Nullable Census census;

    /** Of an earlier pass, not booked yet. */
    private @Nullable Census settling;

    private int nextLeaf;

    private long lastPass;

    private long othersAtLastPass;

    private volatile boolean hurry;

    private volatile boolean recounting;

    /**
     * A sweep.
     *
     * @param payloadGrace how long a body that no manifest names stays, after it was modified
     */
    Sweep(Tree tree, Ledger ledger, Leases leases, Duration payloadGrace, InstantSource clock, Failures failures) {
        this.tree = tree;
        this.ledger = ledger;
        this.leases = leases;
        this.payloadGraceMillis = payloadGrace.toMillis();
        this.clock = clock;
        this.failures = failures;
    }

    /** To be told of each entry that is written: something has to go at this instant, in milliseconds since the epoch. */
    void expect(long instant) {
        if (instant < expected.get()) {
            expected.accumulateAndGet(instant, Math::min);
        }
    }

    /** The ledger is wrong, so a pass is wanted. */
    void hurry() {
        hurry = true;
        recounting = true;
    }

    /** Whether this process is going to put the ledger right within seconds, as it was asked to. */
    boolean isRecounting() {
        Leases.Lease held = lease;
        return recounting && held != null && held.isHeld();
    }

    /** To be called about every second. */
    void run(Pace pace) {
        if (!isElected()) {
            return;
        }
        book();
        if (census == null && isDue()) {
            begin();
        }
        Census counted = census;
        if (counted != null) {
            while (nextLeaf < tree.leaves() && pace.go()) {
                sweepNext(counted, pace);
            }
            if (nextLeaf == tree.leaves()) {
                end(counted);
            }
        }
    }

    private boolean isElected() {
        if (lease != null && lease.isHeld()) {
            return true;
        }
        long now = clock.millis();
        if (now < nextElection) {
            return false;
        }
        nextElection = now + ELECTION_MILLIS;
        lease = leases.tryAcquire(LEASE);
        census = null;
        settling = null;
        hurry = true;
        return lease != null;
    }

    private boolean isDue() {
        long now = clock.millis();
        return (hurry && settling == null)
                || now >= expected.get()
                || now - lastPass >= REST.toMillis()
                || (now - lastPass >= REST_FROM_OTHERS_MILLIS && ledger.others().changes() != othersAtLastPass);
    }

    private void begin() {
        // While another count is not booked, that of this pass will not be.
        if (settling == null) {
            hurry = false;
        }
        expected.set(Entry.FOREVER);
        othersAtLastPass = ledger.others().changes();
        nextLeaf = 0;
        census = new Census(ledger, tree.leaves());
    }

    private void end(Census counted) {
        lastPass = clock.millis();
        counted.end(lastPass);
        if (settling == null) {
            settling = counted;
        }
        census = null;
        leases.sweep(Pace.usual());
    }

    private void book() {
        if (settling != null && settling.isSettled(clock.millis())) {
            if (settling.book() && census != null) {
                census.disturb();
            }
            settling = null;
            recounting = hurry;
        }
    }

    private void sweepNext(Census counted, Pace pace) {
        int from = nextLeaf;
        nextLeaf++;
        try {
            int leaf = tree.next(from);
            nextLeaf = Math.min(leaf + 1, tree.leaves());
            if (leaf < tree.leaves()) {
                sweep(leaf, counted, pace);
            }
        } catch (IOException ex) {
            counted.disturb();
            failures.report("sweep", ex);
        }
        counted.endLeaves(nextLeaf - from);
    }

    private void sweep(int leaf, Census counted, Pace pace) throws IOException {
        tree.list(leaf, candidate -> {
            boolean unused = pace.go();
            sweep(candidate, counted);
        });
        tree.debris(leaf, debris -> {
            boolean unused = pace.go();
            sweep(debris, counted);
        });
    }

    private void sweep(Candidate candidate, Census counted) {
        long now = clock.millis();
        counted.found(candidate.bytes());
        long keptUntil = tree.keptUntil(candidate);
        if (now < keptUntil) {
            expect(keptUntil);
            return;
        }
        long freed = tree.expire(candidate);
        if (freed < 0) {
            expect(now + RETRY_MILLIS);
            return;
        }
        ledger.add(-1, -freed);
        counted.removed(freed);
    }

    private void sweep(Debris debris, Census counted) {
        long now = clock.millis();
        Writer writer = debris.writer();
        if (writer == null) {
            if (now - debris.modified() >= payloadGraceMillis) {
                delete(debris);
            } else {
                expect(debris.modified() + payloadGraceMillis);
            }
        } else if (writer.isDead() || (!writer.isHere() && now - debris.modified() >= ABANDONED.toMillis())) {
            delete(debris);
        } else {
            counted.inFlight();
        }
    }

    private void delete(Debris debris) {
        try {
            Files.deleteIfExists(debris.path());
        } catch (IOException ex) {
            failures.report("delete", ex);
        }
    }
}
