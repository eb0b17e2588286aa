package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTests {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    private final ManualScheduler scheduler = new ManualScheduler();

    @Test
    void nothingIsTrimmedForALedgerThatIsKnownToBeWrong() {
        Failures failures = new Failures("test", clock);
        Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);
        FakeTree tree = new FakeTree(directory, 1);
        Ledger ledger = new Ledger(directory.resolve("ledger"), disk, clock, failures);
        Recency recency = new Recency(tree::manifest, clock, failures);
        Evictor evictor = new Evictor(tree, ledger, recency, 4, Long.MAX_VALUE, failures);
        Leases leases = new Leases(directory.resolve("locks"), disk, clock, failures);
        Trash trash = new Trash(directory.resolve("trash"), disk, failures);
        Sweep sweep = new Sweep(tree, ledger, leases, Duration.ZERO, clock, failures);
        try (Upkeep upkeep = new Upkeep(ledger, recency, evictor, leases, trash, sweep, failures)) {
            upkeep.start(scheduler, () -> {});
            scheduler.runAll();
            ledger.add(5, 50);
            assertThat(evictor.makeRoom("a", 1, 10)).isTrue();
            tree.put("a", 10, 0);
            for (int i = 0; i < 1000; i++) {
                scheduler.runAll();
            }
            assertThat(tree.entries).hasSize(1);
            for (int i = 0; i < 3; i++) {
                clock.advanceMillis(3000);
                scheduler.runAll();
            }
            assertThat(ledger.entries()).isEqualTo(1);
        }
    }
}
