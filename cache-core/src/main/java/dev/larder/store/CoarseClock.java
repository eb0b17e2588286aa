package dev.larder.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The time of the stores, made for reading on every hit: a field that a daemon thread sets every {@link #RESOLUTION},
 * because asking the operating system costs more than a whole hit (about 100 ns on many virtual machines).
 *
 * <p>What it tells lags the true time by up to {@link #RESOLUTION}, and by the pause where the whole process is stopped
 * for longer. It never goes back: when the system clock is set back it goes on with the monotonic one, and when the
 * system clock is set forward (or a machine wakes from sleep) it follows, so entries may expire early but never late.
 *
 * <p>The thread runs only while some store has entries that can expire. Otherwise each reading asks the operating system.
 *
 * <p>Thread-safe.
 */
public final class CoarseClock implements InstantSource {

    /**
     * How old a reading may be.
     *
     * <p>Not shorter: each tick wakes a thread, and 100 wake-ups a second are the most that goes unnoticed on a small
     * container. Not longer: life times of a second should be good to a percent.
     */
    public static final Duration RESOLUTION = Duration.ofMillis(10);

    private static final CoarseClock SHARED = new CoarseClock(System::currentTimeMillis, System::nanoTime);

    private final Source wall;

    private final Source monotonic;

    /** What readers see; 0 while no thread keeps it up to date. */
    private volatile long millis;

    private long latest = Long.MIN_VALUE;

    private long latestNanos;

    private int users;

    /** The thread that keeps the time, while there is one. */
    private @Nullable Thread thread;

    CoarseClock(Source wall, Source monotonic) {
        this.wall = wall;
        this.monotonic = monotonic;
    }

    /** The clock that all stores of a JVM share. */
    public static CoarseClock shared() {
        return SHARED;
    }

    @Override
    public long millis() {
        long now = millis;
        return now != 0 ? now : advance();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** Keeps the clock running until {@link #release}. */
    synchronized void acquire() {
        if (thread == null) {
            Thread made = Housekeeper.daemon(this::run, "larder-clock");
            made.start(); // first: should there be no thread left, the clock must not seem to run
            thread = made;
            millis = advance();
        }
        users++;
    }

    synchronized void release() {
        users--;
    }

    synchronized @Nullable Thread thread() {
        return thread;
    }

    private void run() {
        while (tick()) {
            LockSupport.parkNanos(RESOLUTION.toNanos());
        }
    }

    private synchronized boolean tick() {
        if (users > 0) {
            millis = advance();
            return true;
        }
        millis = 0;
        thread = null;
        return false;
    }

    /** The later of the system clock and the last reading carried on by the monotonic clock. */
    synchronized long advance() {
        long nanos = monotonic.read();
        if (latest == Long.MIN_VALUE) {
            latest = wall.read();
            latestNanos = nanos;
            return latest;
        }
        long elapsed = TimeUnit.NANOSECONDS.toMillis(nanos - latestNanos);
        latestNanos += TimeUnit.MILLISECONDS.toNanos(elapsed);
        latest = Math.max(latest + elapsed, wall.read());
        return latest;
    }

    /** Where a reading comes from. */
    @FunctionalInterface
    interface Source {
        long read();
    }
}
