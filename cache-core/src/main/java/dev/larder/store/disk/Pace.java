package dev.larder.store.disk;

import java.util.concurrent.TimeUnit;

/**
 * How much one run of background work may do: so many files, and on a slow file system less. The limit by number and time is
 * that of nginx's cache loader and manager ({@code manager_files}, {@code manager_threshold}).
 *
 * <p>Not thread-safe.
 */
final class Pace {

    /**
     * Not less: at one run a second, a million entries are looked at in eight minutes. Not more: it takes some 50 ms, a
     * twentieth of a core.
     */
    static final int FILES = 2048;

    /** Not less: a local disk should never meet it. Not more: all stores of a JVM share the thread. */
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Between two looks at the time. A run gets so far at least, however slow the file system is. */
    private static final int STRIDE = 64;

    private final long start = System.nanoTime();

    private int left;

    /** A run that may do so much. */
    Pace(int files) {
        this.left = files;
    }

    /** The usual run. */
    static Pace usual() {
        return new Pace(FILES);
    }

    /** Takes one file; false if the run is over. */
    boolean go() {
        if (left > 0 && left % STRIDE == 0 && System.nanoTime() - start > NANOS) {
            left = 0;
        }
        return left-- > 0;
    }

    /** How many files may still be taken. */
    int left() {
        return Math.max(left, 0);
    }
}
