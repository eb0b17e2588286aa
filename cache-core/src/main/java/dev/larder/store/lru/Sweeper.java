package dev.larder.store.lru;

import dev.larder.store.Entry;
import dev.larder.store.Scheduler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes expired entries of an {@link LruStore} leave, by a walk over the table from time to time. It is asked for only while
 * some entry can expire.
 *
 * <p>The walk takes no lock, as readers do; the store's lock is taken for each entry that goes.
 */
final class Sweeper<K, V> {

    /** How often expired entries are looked for. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A walk takes about 10 ns for each entry: with so many at the most, one percent of a core. */
    private static final long ENTRIES_PER_MILLISECOND = 1000;

    private final Contents<K, V> contents;

    private final HashTable<K, V> table;

    private final InstantSource clock;

    private final Scheduler scheduler;

    /** No entry expires before this. This and the rest is guarded by the store's lock. */
    private long nextExpiry = Entry.FOREVER;

    private long nextWalk = Long.MIN_VALUE;

    private boolean scheduled;

    Sweeper(Contents<K, V> contents, HashTable<K, V> table, InstantSource clock, Scheduler scheduler) {
        this.contents = contents;
        this.table = table;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Notes when an entry expires. Guarded by the store's lock. */
    void expect(long keptUntil) {
        if (keptUntil < nextExpiry) {
            nextExpiry = keptUntil;
            if (!scheduled) {
                scheduler.repeat(PERIOD, new Task(this));
                scheduled = true;
            }
        }
    }

    /** Removes what has expired, and returns whether some entry is going to. */
    private boolean sweep() {
        long now = clock.millis();
        contents.lock();
        try {
            if (contents.isClosed() || nextExpiry == Entry.FOREVER) {
                scheduled = false;
                return false;
            }
            if (now < nextExpiry || now < nextWalk) {
                return true;
            }
            nextExpiry = Entry.FOREVER;
            nextWalk = now + contents.size() / ENTRIES_PER_MILLISECOND;
        } finally {
            contents.unlock();
        }
        @Nullable Node<K, V>[] slots = table.slots();
        long next = walk(slots, now);
        contents.lock();
        try {
            // A table that grew meanwhile may have hidden some nodes from the walk.
            nextExpiry = Math.min(nextExpiry, slots == table.slots() ? next : now);
            return true;
        } finally {
            contents.unlock();
        }
    }

    /** Returns when the first of the entries that stay expires. */
    private long walk(@Nullable Node<K, V>[] slots, long now) {
        long next = Entry.FOREVER;
        for (int i = 0; i < slots.length; i++) {
            for (Node<K, V> node = HashTable.slot(slots, i); node != null; node = node.next()) {
                long keptUntil = node.keptUntil();
                next = Math.min(next, now < keptUntil ? keptUntil : expire(node));
            }
        }
        return next;
    }

    private long expire(Node<K, V> node) {
        contents.lock();
        try {
            return contents.expire(node);
        } finally {
            contents.unlock();
        }
    }

    /** Holds its store weakly: one that nobody uses any more goes, and its sweeps with it. */
    private static final class Task implements BooleanSupplier {

        private final WeakReference<Sweeper<?, ?>> sweeper;

        Task(Sweeper<?, ?> sweeper) {
            this.sweeper = new WeakReference<>(sweeper);
        }

        @Override
        public boolean getAsBoolean() {
            Sweeper<?, ?> current = sweeper.get();
            return current != null && current.sweep();
        }
    }
}
