package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Which segments are open for reading, so that they are not too many: of those, the one that was opened first is closed.
 *
 * <p>Thread-safe.
 */
final class Readers {

    private final int most;

    private final Failures failures;

    private final Queue<Segment> open = new ArrayDeque<>();

    Readers(int most, Failures failures) {
        this.most = most;
        this.failures = failures;
    }

    /** Called without locks by one who pins nothing, since it may have to wait for those who do. */
    void opened(Segment segment) {
        Segment eldest = null;
        synchronized (this) {
            open.add(segment);
            if (open.size() > most) {
                eldest = open.remove();
            }
        }
        if (eldest != null) {
            try {
                eldest.closeReader();
            } catch (IOException ex) {
                failures.report("close", ex);
            }
        }
    }

    synchronized void dropped(Segment segment) {
        open.remove(segment);
    }
}
