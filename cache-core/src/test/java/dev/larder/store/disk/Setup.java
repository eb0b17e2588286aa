package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the stores of a test have in common, whatever their shape: time and background work are in the test's hands. */
final class Setup {

    /** How long payloads that were replaced stay. */
    static final Duration GRACE = Duration.ofMinutes(1);

    /** Background work may go on where it left off: more runs than it needs for the small directories of the tests. */
    private static final int SWEEPS = 10;

    final ManualClock clock = new ManualClock();

    final ManualScheduler scheduler = new ManualScheduler();

    final Failures failures = new Failures("test", clock);

    private Durability durability = Durability.PROCESS;

    /** A bound that few tests come near, so that entries are spread over few directories, which are swept quickly. */
    private long maxEntries = 500;

    private @Nullable Failures realFailures;

    /** Files carry the time of the system, and are compared with this clock: so it begins there. */
    Setup() {
        clock.advanceMillis(System.currentTimeMillis() - clock.millis());
    }

    Setup durability(Durability durability) {
        this.durability = durability;
        return this;
    }

    /** Another bound; 0 for none. */
    Setup maxEntries(long maxEntries) {
        this.maxEntries = maxEntries;
        return this;
    }

    /** Leaves time and background work to the system, as applications do. */
    Setup real(Failures failures) {
        this.realFailures = failures;
        return this;
    }

    <V> DiskStore.Builder<V> apply(DiskStore.Builder<V> builder) {
        builder.durability(durability).payloadGrace(GRACE);
        if (realFailures != null) {
            builder.failures(realFailures);
        } else {
            builder.clock(clock).scheduler(scheduler).failures(failures);
        }
        return maxEntries == 0 ? builder : builder.maxEntries(maxEntries);
    }

    /** Lets so much time pass that everything that waits for it is due, and runs the background work. */
    void sweep() {
        // Whoever takes up the work does it while the clock tells what files carry; afterwards it refreshes its files.
        scheduler.runAll();
        for (int i = 0; i < SWEEPS; i++) {
            clock.advance(Duration.ofHours(2));
            scheduler.runAll();
        }
    }
}
