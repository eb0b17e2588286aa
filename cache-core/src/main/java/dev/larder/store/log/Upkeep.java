package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.Scheduler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a log needs somebody to do in the background: a segment in reserve before the active one is full, footers, compaction, syncs, and
 * the departure of entries that have expired.
 *
 * <p>Thread-safe.
 */
final class Upkeep implements Runnable {

    /** Not longer: {@link Durability#INTERVAL} promises it. Not shorter: each sync costs the disk. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How many segments are compacted at a time, before others get their turn. */
    private static final int COMPACTIONS = 4;

    /** In so many periods all of the index is looked at: more would be noticed by writers, less by those who count entries. */
    private static final int SWEEP_PERIODS = 16;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Room room;

    private final Books books;

    private final Syncer syncer;

    private final Scheduler scheduler;

    private final InstantSource clock;

    private final Failures failures;

    private final AtomicBoolean awake = new AtomicBoolean();

    private volatile boolean closed;

    private int partition;

    Upkeep(
            Index index,
            Log log,
            LargeFiles large,
            Room room,
            Books books,
            Syncer syncer,
            Scheduler scheduler,
            InstantSource clock,
            Failures failures) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.room = room;
        this.books = books;
        this.syncer = syncer;
        this.scheduler = scheduler;
        this.clock = clock;
        this.failures = failures;
    }

    /** Work for the scheduler must not keep a store that nobody closed. */
    void start() {
        WeakReference<Upkeep> weak = new WeakReference<>(this);
        scheduler.repeat(PERIOD, () -> {
            Upkeep upkeep = weak.get();
            return upkeep != null && upkeep.runOnce();
        });
    }

    /** Called when there is work that should not wait for the next period. */
    @Override
    public void run() {
        if (closed || !awake.compareAndSet(false, true)) {
            return;
        }
        WeakReference<Upkeep> weak = new WeakReference<>(this);
        scheduler.repeat(Duration.ZERO, () -> {
            Upkeep upkeep = weak.get();
            if (upkeep != null) {
                upkeep.awake.set(false);
                upkeep.makeRoom();
            }
            return false;
        });
    }

    private boolean runOnce() {
        if (closed) {
            return false;
        }
        makeRoom();
        if (log.settings().durability() == Durability.INTERVAL || !large.retired.isEmpty()) {
            syncer.sync();
        }
        sweep();
        return true;
    }

    private void makeRoom() {
        log.structure.lock();
        try {
            if (closed) {
                return;
            }
            log.tellIfOwed();
            log.seal();
            while (log.deleteDoomed()) {
                // what was cleared
            }
            if (log.tail.last() != null) {
                room.prepare();
            }
            for (int i = 0; i < COMPACTIONS && room.compact(); i++) {
                room.prepare();
            }
        } catch (IOException ex) {
            failures.report("write", ex);
        } finally {
            log.structure.unlock();
        }
    }

    /** Takes expired entries out of some partitions. */
    private void sweep() {
        long now = clock.millis();
        for (int i = 0; i < Index.PARTITIONS / SWEEP_PERIODS; i++) {
            log.tail.appends.lock();
            try {
                index.forEach(partition, (hash, place, keptUntil) -> {
                    if (keptUntil <= now) {
                        books.expire(hash, place);
                    }
                });
            } finally {
                log.tail.appends.unlock();
            }
            partition = (partition + 1) % Index.PARTITIONS;
        }
    }

    void close() {
        if (log.settings().syncs() || !large.retired.isEmpty()) {
            syncer.sync();
        }
        log.structure.lock();
        try {
            closed = true;
            log.close();
        } finally {
            log.structure.unlock();
        }
    }
}
