package dev.larder.store.contract.crash;

import dev.larder.store.CoarseClock;
import dev.larder.store.Failures;
import dev.larder.store.Housekeeper;
import dev.larder.store.Scheduler;
import java.time.InstantSource;

/**
 * How to open a store.
 *
 * @param maxSize its bound in bytes; {@link #UNBOUNDED} for none
 * @param segmentSize in bytes, for a store that has segments
 * @param shards how many, for a store that has shards
 * @param sync when what was written reaches the disk
 */
public record Settings(
        long maxSize,
        int segmentSize,
        int shards,
        Sync sync,
        InstantSource clock,
        Scheduler scheduler,
        Failures failures) {

    /** A bound that nothing reaches. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** When what was written reaches the disk. */
    public enum Sync {
        /** When the operating system likes. */
        PROCESS,
        /** By the background, now and then. */
        INTERVAL,
        /** Before a write returns. */
        ALWAYS
    }

    /** With a clock and background work as in an application. */
    public static Settings real(long maxSize, int segmentSize, int shards, Sync sync) {
        return new Settings(
                maxSize,
                segmentSize,
                shards,
                sync,
                CoarseClock.shared(),
                Housekeeper.shared(),
                new Failures("crash lab", CoarseClock.shared()));
    }

    /** The same with another time to sync. */
    public Settings with(Sync other) {
        return new Settings(maxSize, segmentSize, shards, other, clock, scheduler, failures);
    }

    public boolean isBounded() {
        return maxSize != UNBOUNDED;
    }

    /** For the command line of a child. */
    String argument() {
        return maxSize + "," + segmentSize + "," + shards + "," + sync;
    }

    static Settings parse(String argument) {
        String[] parts = argument.split(",");
        return real(
                Long.parseLong(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Sync.valueOf(parts[3]));
    }

    @Override
    public String toString() {
        return argument();
    }
}
