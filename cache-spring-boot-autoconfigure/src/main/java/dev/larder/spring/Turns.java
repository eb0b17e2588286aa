package dev.larder.spring;

import dev.larder.store.Entry;
import dev.larder.store.LoadLease;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to load a key that several processes share: one of them has the lease, and the others look for what it
 * loads, more and more seldom, until it is there, or the lease is free, or they waited as long as they may.
 *
 * <p>Thread-safe.
 */
final class Turns {

    /** Not shorter: a load that is worth sharing takes at least as long. Not longer: it is the least that is waited. */
    private static final long FIRST_PAUSE_MILLIS = 1;

    /** Not shorter: a look opens files, maybe over a network. Not longer: after a load of a second nobody notices it. */
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private final LongAdder waits = new LongAdder();

    private final FailOpenStore store;

    private final InstantSource clock;

    private final long longestWaitMillis;

    private final Pause pause;

    Turns(FailOpenStore store, InstantSource clock, long longestWaitMillis, Pause pause) {
        this.store = store;
        this.clock = clock;
        this.longestWaitMillis = longestWaitMillis;
        this.pause = pause;
    }

    /** How many loads had to wait for another process. */
    long waits() {
        return waits.sum();
    }

    /**
     * Waits until a flight may load. An interrupt does not end the wait; the thread is interrupted afterwards.
     *
     * @return what is there by then, so that there is nothing to load, or null
     */
    @Nullable
    Entry<Object> await(Flight flight) {
        Turn turn = new Turn(flight);
        boolean interrupted = false;
        while (!turn.hasCome()) {
            try {
                pause.sleep(turn.nextPause());
            } catch (InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return turn.present;
    }

    /**
     * Goes on when a flight may load: at once on this thread, or else later on another one.
     *
     * @param next is given what is there by then, so that there is nothing to load, or null
     * @param failed is given what was thrown while nobody waits
     */
    void whenCome(Flight flight, Consumer<@Nullable Entry<Object>> next, Consumer<Throwable> failed) {
        Turn turn = new Turn(flight);
        if (turn.hasCome()) {
            next.accept(turn.present);
        } else {
            flight.leaveToFuture();
            lookLater(turn, next, failed);
        }
    }

    private void lookLater(Turn turn, Consumer<@Nullable Entry<Object>> next, Consumer<Throwable> failed) {
        pause.later(turn.nextPause(), () -> {
            try {
                if (!turn.hasCome()) {
                    lookLater(turn, next, failed);
                    return;
                }
                turn.flight.pilotHere();
            } catch (Throwable ex) {
                failed.accept(ex);
                return;
            }
            next.accept(turn.present);
        });
    }

    /** The wait of one flight. Used by one thread at a time. */
    private final class Turn {

        private final Flight flight;

        private long deadline;

        private long pauseMillis;

        private @Nullable Entry<Object> present;

        Turn(Flight flight) {
            this.flight = flight;
        }

        /**
         * Looks only after asking for the lease: what another process loaded before it gave the lease back is there by then.
         */
        boolean hasCome() {
            LoadLease lease = lease();
            if (lease != null) {
                flight.hold(lease);
            }
            Entry<Object> entry = store.entry(flight.key());
            if (entry != null && entry.isFresh(clock.millis())) {
                present = entry;
                return true;
            }
            return lease != null;
        }

        /** A flight whose outcome is not stored does not keep anybody else from loading. */
        private @Nullable LoadLease lease() {
            if (flight.isSuperseded()) {
                return LoadLease.ALONE;
            }
            LoadLease lease = store.tryBeginLoad(flight.key());
            return lease == null && isOverdue() ? LoadLease.ALONE : lease;
        }

        private boolean isOverdue() {
            return pauseMillis > 0 && clock.millis() >= deadline;
        }

        /** Milliseconds; not beyond the end of the wait, which starts with the first. */
        long nextPause() {
            if (pauseMillis == 0) {
                waits.increment();
                deadline = Entry.after(clock.millis(), longestWaitMillis);
            }
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, pauseMillis * 2));
            return Math.max(FIRST_PAUSE_MILLIS, Math.min(pauseMillis, deadline - clock.millis()));
        }
    }
}
