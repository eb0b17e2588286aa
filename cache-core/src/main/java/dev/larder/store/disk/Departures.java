package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import dev.larder.store.disk.Removals.Removed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How entries go on behalf of a caller: counted by their cause, and for good. What cannot be removed because the disk fails is hidden
 * until it can.
 *
 * <p>Thread-safe. No method throws because of the disk unless it says so.
 *
 * @param <V> the type of values
 */
final class Departures<V> {

    private final Places places;

    private final Reads<V> reads;

    private final Books books;

    private final Removals removals;

    private final KeyLocks locks;

    private final Undeleted undeleted;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    Departures(
            Places places,
            Reads<V> reads,
            Books books,
            Removals removals,
            KeyLocks locks,
            Undeleted undeleted,
            StoreCounts counts,
            InstantSource clock,
            Failures failures) {
        this.places = places;
        this.reads = reads;
        this.books = books;
        this.removals = removals;
        this.locks = locks;
        this.undeleted = undeleted;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /** Removes an entry, and tells what it was; null if there was none. */
    @Nullable
    Taken<V> take(Key key, boolean withValue) {
        String id = places.id(key);
        Path place = places.manifest(id);
        ReentrantLock lock = locks.lock(id);
        try {
            Removed removed = removals.claim(place, key);
            boolean hidden = undeleted.hides(id);
            undeleted.remove(id);
            if (removed == null) {
                return null;
            }
            long now = clock.millis();
            boolean fresh = !hidden && removed.isFresh(now);
            Stored<V> stored = fresh && withValue ? reads.read(removed.file(), place, key) : null;
            (removed.isKept(now) ? counts.removed : counts.expired).increment();
            finish(id, place, removed);
            return new Taken<>(stored == null ? null : stored.value(), fresh);
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            undeleted.add(id);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was removed.
     *
     * @param value if it was fresh, and asked for
     */
    record Taken<V>(@Nullable V value, boolean isFresh) {}

    /** Removes what is out of date because it could not be replaced. */
    void drop(String id, Path place) {
        ReentrantLock lock = locks.lock(id);
        try {
            Removed removed = removals.claim(place, null);
            if (removed != null) {
                (removed.isKept(clock.millis()) ? counts.removed : counts.expired).increment();
                finish(id, place, removed);
            }
            undeleted.remove(id);
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            undeleted.add(id);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes what was claimed. With the lock of its key. */
    void finish(String id, Path place, Removed removed) {
        removals.discard(place, removed);
        books.removed(id, removed.bytes());
    }

    /** Counts a put of an entry that is not kept, and takes out what it should have replaced. */
    void reject(String id, Path place, boolean tooLarge) {
        ReentrantLock lock = locks.lock(id);
        try {
            Removed removed = removals.claim(place, null);
            counts.puts.increment();
            (tooLarge ? counts.evicted : counts.expired).increment();
            if (removed != null) {
                (removed.isKept(clock.millis()) ? counts.replaced : counts.expired).increment();
                finish(id, place, removed);
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            undeleted.add(id);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out an entry whose life is over by now, and returns whether there was one. With the lock of its key. */
    boolean expire(String id, Path place) throws IOException {
        Removed removed = removals.claim(place, null);
        if (removed == null) {
            return false;
        }
        counts.expired.increment();
        finish(id, place, removed);
        return true;
    }

    /** Tries again to remove what could not be removed. */
    void retry() {
        for (String id : undeleted.ids()) {
            ReentrantLock lock = locks.lock(id);
            try {
                if (undeleted.contains(id)) {
                    drop(id, places.manifest(id));
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
