package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When entries were last used: a table of the uses by this process, and the modification times of manifests for the rest.
 *
 * <p>A use only enters the table, so a hit writes nothing to disk. The background {@linkplain #writeBack writes uses back} to
 * modification times, by which other processes and later runs know them. The table has room
 * for {@value #CAPACITY} entries; a use that is pushed out before it was written back is forgotten. Puts enter it too: the times that
 * file systems give are those of the last tick of the kernel, the same for all puts between two ticks.
 *
 * <p>Uses have numbers that are times and unique: the clock's, or a microsecond after the last one if that is later (a hybrid
 * logical clock, Kulkarni et al. 2014). So the order of uses by one process is exact, also while its clock stands still, and
 * numbers compare with modification times. That is why the clock is the system's: file systems know no other.
 *
 * <p>Thread-safe.
 */
final class Recency {

    /** Not fewer: an entry of a small store hardly ever pushes out another. Not more: a use looks at all of them. */
    private static final int WAYS = 16;

    /**
     * Not fewer: four times as many places as the largest store whose order is exact has entries, so that a set of them is
     * full only once in a million. Not more: each takes 21 bytes of heap, and some 100 for its id, for each store.
     */
    private static final int SETS = 1024;

    static final int CAPACITY = SETS * WAYS;

    /** Not smaller: clocks of file systems tick every few milliseconds. Not larger: so much later is another process's use. */
    private static final long FOREIGN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long TICK_NANOS = 1000;

    private static final long NEVER = Long.MIN_VALUE;

    /** Not fewer: threads that hit hardly meet. Not more: each guards sets enough. */
    private static final int LOCKS = 64;

    /** Where an entry may be follows from its hash, as in the cache of a processor; see {@link #use}. */
    private final @Nullable String[] ids = new String[CAPACITY];

    /** Of 64 bits, so that nobody will see two entries with the same one. */
    private final long[] hashes = new long[CAPACITY];

    /** When each was last used; {@link #NEVER} where there is none. */
    private final long[] nanos = new long[CAPACITY];

    /** Whether the manifest does not tell yet. */
    private final boolean[] pending = new boolean[CAPACITY];

    private final Function<String, Path> files;

    private final InstantSource clock;

    private final Failures failures;

    private final AtomicLong latest = new AtomicLong(NEVER);

    /** Each guards every {@value #LOCKS}th set. */
    private final Object[] locks = new Object[LOCKS];

    /**
     * An empty table.
     *
     * @param files where the modification time of an entry is
     */
    Recency(Function<String, Path> files, InstantSource clock, Failures failures) {
        this.files = files;
        this.clock = clock;
        this.failures = failures;
        Arrays.setAll(locks, i -> new Object());
        forgetAll();
    }

    /** An entry was hit. */
    void used(String id) {
        use(id, true);
    }

    /** An entry was written, so that its manifest was modified just now. */
    void written(String id) {
        use(id, false);
    }

    /** An entry went. */
    void forget(String id) {
        long hash = hash(id);
        synchronized (lock(set(hash))) {
            int at = find(hash);
            if (at >= 0) {
                forget(at);
            }
        }
    }

    private void forget(int at) {
        ids[at] = null;
        nanos[at] = NEVER;
        pending[at] = false;
    }

    /** All entries went. */
    void forgetAll() {
        for (int set = 0; set < SETS; set++) {
            synchronized (lock(set)) {
                for (int at = set * WAYS; at < (set + 1) * WAYS; at++) {
                    forget(at);
                }
            }
        }
    }

    /**
     * An entry has one of the places of its set. A new one gets that of the entry which was used longest ago, so the table is
     * made of arrays that never move: a hit makes no objects and links none, which in a list of uses would cost a tenth of a hit.
     */
    private void use(String id, boolean isPending) {
        long hash = hash(id);
        long now = TimeUnit.MILLISECONDS.toNanos(clock.millis());
        synchronized (lock(set(hash))) {
            int at = find(hash);
            if (at < 0) {
                at = oldest(hash);
                ids[at] = id;
                hashes[at] = hash;
            }
            nanos[at] = latest.accumulateAndGet(now, (last, time) -> Math.max(last + TICK_NANOS, time));
            pending[at] = isPending;
        }
    }

    /** As {@link String#hashCode}, but with an odd factor that fills 64 bits: 2<sup>64</sup> by the golden ratio. */
    private static long hash(String id) {
        long hash = id.length();
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x9E3779B97F4A7C15L;
        }
        return hash ^ (hash >>> 32);
    }

    private static int set(long hash) {
        return (int) hash & (SETS - 1);
    }

    private Object lock(int set) {
        return locks[set & (LOCKS - 1)];
    }

    /** Where an entry is; -1 if it is not in the table. */
    private int find(long hash) {
        int first = set(hash) * WAYS;
        for (int at = first; at < first + WAYS; at++) {
            if (hashes[at] == hash && ids[at] != null) {
                return at;
            }
        }
        return -1;
    }

    private int oldest(long hash) {
        int first = set(hash) * WAYS;
        int oldest = first;
        for (int at = first + 1; at < first + WAYS; at++) {
            if (nanos[at] < nanos[oldest]) {
                oldest = at;
            }
        }
        return oldest;
    }

    /**
     * When an entry was last used, in nanoseconds since the epoch: as the table says, unless its manifest was modified so much
     * later that another process used it.
     *
     * @param modified when its manifest was last modified, in nanoseconds since the epoch
     */
    long lastUse(String id, long modified) {
        long hash = hash(id);
        synchronized (lock(set(hash))) {
            int at = find(hash);
            return at < 0 || modified - nanos[at] > FOREIGN_NANOS ? modified : nanos[at];
        }
    }

    /** Writes uses to the modification times of manifests, those of longest ago first. */
    void writeBack(Pace pace) {
        for (Use use : pending()) {
            if (!pace.go()) {
                return;
            }
            write(use.id());
        }
    }

    private void write(String id) {
        long use = takePending(id);
        if (use == NEVER) {
            return;
        }
        try {
            Files.setLastModifiedTime(files.apply(id), FileTime.from(use, TimeUnit.NANOSECONDS));
        } catch (NoSuchFileException ex) {
            forget(id);
        } catch (IOException ex) {
            failures.report("write", ex);
        }
    }

    private List<Use> pending() {
        List<Use> found = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            synchronized (lock(set)) {
                for (int at = set * WAYS; at < (set + 1) * WAYS; at++) {
                    String id = ids[at];
                    if (id != null && pending[at]) {
                        found.add(new Use(id, nanos[at]));
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(Use::nanos));
        return found;
    }

    private long takePending(String id) {
        long hash = hash(id);
        synchronized (lock(set(hash))) {
            int at = find(hash);
            if (at < 0 || !pending[at]) {
                return NEVER;
            }
            pending[at] = false;
            return nanos[at];
        }
    }

    private record Use(String id, long nanos) {}
}
