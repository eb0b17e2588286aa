package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.log.LargeFiles.Held;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Files of large values whose records were replaced or removed since the last sync. They stay for now: a loss of power that takes what was
 * written instead of such a record must not leave the record without its file.
 *
 * <p>Thread-safe.
 */
final class RetiredFiles {

    private final LargeFiles files;

    private final Queue<Held> retired = new ConcurrentLinkedQueue<>();

    RetiredFiles(LargeFiles files) {
        this.files = files;
    }

    boolean isEmpty() {
        return retired.isEmpty();
    }

    void add(Held held) {
        retired.add(held);
    }

    /** Those that there are, to be deleted after a sync that is about to begin. With {@link Tail#appends}. */
    List<Held> take() {
        if (retired.isEmpty()) {
            return List.of();
        }
        List<Held> taken = new ArrayList<>();
        for (Held held = retired.poll(); held != null; held = retired.poll()) {
            taken.add(held);
        }
        return taken;
    }

    /** Deletes what was taken before a sync, or keeps it for another one if that failed. */
    void delete(List<Held> taken, boolean synced, Failures failures) {
        if (!synced) {
            retired.addAll(taken);
            return;
        }
        for (Held held : taken) {
            try {
                files.delete(held);
            } catch (IOException | RuntimeException ex) {
                failures.report("delete", ex);
            }
        }
    }
}
