package dev.larder.store;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Runs the background work of stores: what has to happen without a caller, such as the departure of expired entries.
 *
 * <p>Thread-safe. The one that stores use unless told otherwise is {@link Housekeeper}; tests bring one that runs tasks
 * when they say so.
 */
@FunctionalInterface
public interface Scheduler {

    /**
     * Runs a task again and again until it returns false. Runs of one task never overlap.
     *
     * @param period from the end of one run to the start of the next, and before the first
     * @param task returns whether it wants to run again; one that throws is not run again. It must hold its store weakly,
     *     or a store that nobody closes is never collected
     */
    void repeat(Duration period, BooleanSupplier task);
}
