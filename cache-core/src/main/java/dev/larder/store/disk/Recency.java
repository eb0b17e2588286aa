package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * When entries were last used: a table of the uses by this process, and the modification times of manifests for the rest.
 *
 * <p>A use only enters the table, so a hit writes nothing to disk. The background {@linkplain #writeBack writes uses back} to
 * modification times, by which other processes and later runs know them. The table holds the {@value #CAPACITY} entries
 * that were used last; a use that falls out of it before it was written back is forgotten. Puts enter it too: the times that
 * file systems give are those of the last tick of the kernel, the same for all puts between two ticks.
 *
 * <p>Uses have numbers that are times and unique: the clock's, or a microsecond after the last one if that is later (a hybrid
 * logical clock, Kulkarni et al. 2014). So the order of uses by one process is exact, also while its clock stands still, and
 * numbers compare with modification times. That is why the clock is the system's: file systems know no other.
 *
 * <p>Thread-safe.
 */
final class Recency {

    /**
     * Not smaller: twice as many entries as the largest store whose order is exact, so that entries which left do not push
     * out others. Not larger: each costs about 200 bytes of heap, for each store.
     */
    static final int CAPACITY = 8192;

    /** Not smaller: clocks of file systems tick every few milliseconds. Not larger: so much later is another process's use. */
    private static final long FOREIGN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long TICK_NANOS = 1000;

    private final Map<String, Use> uses = new LinkedHashMap<>();

    private final Function<String, Path> files;

    private final InstantSource clock;

    private final Failures failures;

    private long latest = Long.MIN_VALUE;

    /**
     * An empty table.
     *
     * @param files where the modification time of an entry is
     */
    Recency(Function<String, Path> files, InstantSource clock, Failures failures) {
        this.files = files;
        this.clock = clock;
        this.failures = failures;
    }

    /** An entry was hit. */
    synchronized void used(String id) {
        use(id).pending = true;
    }

    /** An entry was written, so that its manifest was modified just now. */
    synchronized void written(String id) {
        use(id).pending = false;
    }

    /** An entry went. */
    synchronized void forget(String id) {
        uses.remove(id);
    }

    /** All entries went. */
    synchronized void forgetAll() {
        uses.clear();
    }

    private Use use(String id) {
        Use use = uses.remove(id);
        if (use == null) {
            use = new Use();
            if (uses.size() == CAPACITY) {
                uses.remove(uses.keySet().iterator().next());
            }
        }
        latest = Math.max(latest + TICK_NANOS, TimeUnit.MILLISECONDS.toNanos(clock.millis()));
        use.nanos = latest;
        uses.put(id, use);
        return use;
    }

    /**
     * When an entry was last used, in nanoseconds since the epoch: as the table says, unless its manifest was modified so much
     * later that another process used it.
     *
     * @param modified when its manifest was last modified, in nanoseconds since the epoch
     */
    synchronized long lastUse(String id, long modified) {
        Use use = uses.get(id);
        return use == null || modified - use.nanos > FOREIGN_NANOS ? modified : use.nanos;
    }

    /** Writes uses to the modification times of manifests, those of longest ago first. */
    void writeBack(Pace pace) {
        for (Map.Entry<String, Long> use : takePending(pace.left())) {
            if (!pace.go()) {
                return;
            }
            try {
                Files.setLastModifiedTime(
                        files.apply(use.getKey()), FileTime.from(use.getValue(), TimeUnit.NANOSECONDS));
            } catch (NoSuchFileException ex) {
                forget(use.getKey());
            } catch (IOException ex) {
                failures.report("write", ex);
            }
        }
    }

    private synchronized List<Map.Entry<String, Long>> takePending(int most) {
        List<Map.Entry<String, Long>> pending = new ArrayList<>();
        for (Map.Entry<String, Use> entry : uses.entrySet()) {
            if (pending.size() == most) {
                break;
            }
            if (entry.getValue().pending) {
                entry.getValue().pending = false;
                pending.add(Map.entry(entry.getKey(), entry.getValue().nanos));
            }
        }
        return pending;
    }

    private static final class Use {

        long nanos;

        /** Whether the manifest does not tell yet. */
        boolean pending;
    }
}
