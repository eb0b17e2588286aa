package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.Scheduler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The background work of one store, all of it in one task about once a second.
 *
 * <p>What the store calls, and when:
 *
 * <pre>
 * get that hits         recency.used
 * put, touch            under the lock of the key, with what is there now known:
 *                         evictor.fits, or remove what is there and stop
 *                         ledger.add       what comes, less what it replaces, as far as that is more
 *                         evictor.makeRoom or take back what was added, remove what is there and stop
 *                         write and rename
 *                         ledger.add       what went, as far as that was not told yet
 *                         recency.written, sweep.expect(keptUntil)
 * remove, pop           unlink, then ledger.add with minus signs and recency.forget
 * clear                 ledger.lookNow() and its total, trash.take, then ledger.add minus that, recency.forgetAll
 * body superseded       modified now, and sweep.expect(now + grace)
 * evict, expire         called by this work; it tells the ledger
 * close                 close
 * </pre>
 *
 * <p>Thread-safe. The scheduler holds it weakly, so the store must hold it.
 */
final class Upkeep implements AutoCloseable {

    /** Not shorter: an idle store should be idle. Not longer: uses should be known to others while they matter. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Ledger ledger;

    private final Recency recency;

    private final Evictor evictor;

    private final Leases leases;

    private final Trash trash;

    private final Sweep sweep;

    private final Failures failures;

    private Runnable more = () -> {};

    private boolean closed;

    Upkeep(
            Ledger ledger,
            Recency recency,
            Evictor evictor,
            Leases leases,
            Trash trash,
            Sweep sweep,
            Failures failures) {
        this.ledger = ledger;
        this.recency = recency;
        this.evictor = evictor;
        this.leases = leases;
        this.trash = trash;
        this.sweep = sweep;
        this.failures = failures;
    }

    /**
     * Starts the work.
     *
     * @param first what else is to be done at each run
     */
    void start(Scheduler scheduler, Runnable first) {
        more = first;
        scheduler.repeat(PERIOD, new Task(this));
    }

    private synchronized boolean run() {
        if (closed) {
            return false;
        }
        try {
            more.run();
            recency.writeBack(Pace.usual());
            ledger.beat();
            leases.beat();
            if (evictor.wasAstray()) {
                sweep.hurry();
            }
            if (!sweep.isRecounting()) {
                evictor.trim(Pace.usual());
            }
            trash.empty(Pace.usual());
            sweep.run(Pace.usual());
        } catch (RuntimeException ex) {
            failures.report("sweep", ex);
        }
        return true;
    }

    /** Writes back what is only in memory, and gives the leases and the ledger to others. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            recency.writeBack(new Pace(Recency.CAPACITY));
            leases.close();
            ledger.close();
        }
    }

    private static final class Task implements BooleanSupplier {

        private final WeakReference<Upkeep> upkeep;

        Task(Upkeep upkeep) {
            this.upkeep = new WeakReference<>(upkeep);
        }

        @Override
        public boolean getAsBoolean() {
            Upkeep current = upkeep.get();
            return current != null && current.run();
        }
    }
}
