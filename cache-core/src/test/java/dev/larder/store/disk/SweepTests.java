package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.disk.Tree.Debris;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTests {

    private static final Writer DEAD = new Writer(Writer.self().host(), 999_999_999, 1);

    private static final Writer ELSEWHERE = new Writer("elsewhere_12345678", 1, 1);

    private static final Duration GRACE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    private final FakeTree tree = new FakeTree(Path.of("none"), 16);

    private Ledger ledger;

    private Leases leases;

    private Sweep sweep;

    @BeforeEach
    void open() {
        ledger = ledger();
        leases = leases();
        sweep = new Sweep(tree, ledger, leases, GRACE, clock, failures);
    }

    @AfterEach
    void close() {
        leases.close();
        ledger.close();
    }

    @Test
    void entryWhoseLifeWasOverBeforeOpeningLeaves() {
        put("a", clock.millis() - 1);
        put("b", clock.millis() + 1);
        sweep.run(Pace.usual());
        assertThat(tree.entries).containsOnlyKeys("b");
        assertThat(ledger.entries()).isEqualTo(1);
        assertThat(ledger.bytes()).isEqualTo(10);
    }

    @Test
    void entryLeavesWhenItExpires() {
        put("a", clock.millis() + 5000);
        sweep.run(Pace.usual());
        clock.advanceMillis(4999);
        sweep.run(Pace.usual());
        assertThat(tree.entries).hasSize(1);
        clock.advanceMillis(1);
        sweep.run(Pace.usual());
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void entryWrittenLaterLeavesWhenItExpires() {
        sweep.run(Pace.usual());
        put("a", clock.millis() + 50);
        sweep.expect(clock.millis() + 50);
        clock.advanceMillis(50);
        sweep.run(Pace.usual());
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void whileNothingExpiresNothingIsRead() {
        put("a", Long.MAX_VALUE);
        sweep.run(Pace.usual());
        long listed = tree.listed;
        clock.advance(Sweep.REST.minusMillis(1));
        sweep.run(Pace.usual());
        assertThat(tree.listed).isEqualTo(listed);
        clock.advanceMillis(1);
        sweep.run(Pace.usual());
        assertThat(tree.listed).isEqualTo(listed + 1);
    }

    @Test
    void whatAnotherProcessWroteIsLookedAt() {
        sweep.run(Pace.usual());
        try (Ledger other = ledger()) {
            other.add(1, 10);
            tree.put("a", 10, 0, clock.millis() + 1);
            clock.advanceMillis(10_000);
            ledger.beat();
            sweep.run(Pace.usual());
            assertThat(tree.entries).isEmpty();
        }
    }

    @Test
    void oneRunDoesLittle() {
        for (int i = 0; i < 1000; i++) {
            put("n" + i, clock.millis());
        }
        sweep.run(new Pace(10));
        assertThat(tree.entries).hasSizeBetween(900, 990);
        for (int i = 0; i < 16; i++) {
            sweep.run(new Pace(10));
        }
        assertThat(tree.entries).isEmpty();
        assertThat(ledger.entries()).isZero();
    }

    @Test
    void lockedEntryIsTriedAgain() {
        put("a", clock.millis());
        tree.locked.add("a");
        sweep.run(Pace.usual());
        tree.locked.clear();
        clock.advanceMillis(1000);
        sweep.run(Pace.usual());
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void temporaryFileOfDeadProcessGoes() throws IOException {
        Path file = debris(DEAD, clock.millis());
        sweep.run(Pace.usual());
        assertThat(file).doesNotExist();
    }

    @Test
    void temporaryFileOfLiveProcessStays() throws IOException {
        Path file = debris(Writer.self(), 0);
        sweep.run(Pace.usual());
        assertThat(file).exists();
    }

    @Test
    void temporaryFileOfAnotherHostGoesAfterItsBound() throws IOException {
        Path old = debris(ELSEWHERE, clock.millis() - Sweep.ABANDONED.toMillis());
        Path recent = debris(ELSEWHERE, clock.millis() - Sweep.ABANDONED.toMillis() + 1);
        sweep.run(Pace.usual());
        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void bodyWithoutManifestGoesAfterItsGrace() throws IOException {
        Path body = debris(null, clock.millis());
        clock.advance(GRACE.minusMillis(1));
        sweep.run(Pace.usual());
        assertThat(body).exists();
        clock.advanceMillis(1);
        sweep.run(Pace.usual());
        assertThat(body).doesNotExist();
    }

    @Test
    void oneOfTwoProcessesSweeps() {
        sweep.run(Pace.usual());
        try (Leases others = leases()) {
            Sweep other = new Sweep(tree, ledger, others, GRACE, clock, failures);
            put("a", clock.millis());
            other.run(Pace.usual());
            assertThat(tree.entries).hasSize(1);
            leases.close();
            clock.advance(Duration.ofSeconds(30));
            other.run(Pace.usual());
            assertThat(tree.entries).isEmpty();
        }
    }

    @Test
    void locksOfTheDeadAreRemoved() throws IOException {
        Files.createDirectories(directory.resolve("locks"));
        Path dead = Files.writeString(directory.resolve("locks/k"), DEAD.text() + " 1 then\n");
        sweep.run(Pace.usual());
        assertThat(dead).doesNotExist();
    }

    @Test
    void faultIsReportedAndThePassGoesOn() {
        tree.broken = true;
        sweep.run(Pace.usual());
        assertThat(failures.counts()).containsOnlyKeys("sweep");
        tree.broken = false;
        put("a", clock.millis());
        sweep.expect(clock.millis());
        sweep.run(Pace.usual());
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void ledgerThatCountedTooMuchIsPutRight() {
        put("a", Long.MAX_VALUE);
        ledger.add(3, 300);
        pass();
        assertThat(ledger.entries()).isEqualTo(1);
        assertThat(ledger.bytes()).isEqualTo(10);
    }

    @Test
    void ledgerThatCountedTooLittleIsPutRight() {
        put("a", Long.MAX_VALUE);
        put("b", Long.MAX_VALUE);
        ledger.add(-5, -500);
        pass();
        assertThat(ledger.entries()).isEqualTo(2);
        assertThat(ledger.bytes()).isEqualTo(20);
    }

    @Test
    void ledgerIsPutRightWhileEntriesExpire() {
        for (int i = 0; i < 100; i++) {
            put("n" + i, i % 2 == 0 ? Long.MAX_VALUE : clock.millis());
        }
        ledger.add(7, 700);
        pass();
        assertThat(ledger.entries()).isEqualTo(50);
        assertThat(ledger.bytes()).isEqualTo(500);
    }

    @Test
    void ledgerThatIsRightStaysWhileOthersWrite() {
        for (int i = 0; i < 200; i++) {
            put("n" + i, Long.MAX_VALUE);
        }
        for (int i = 0; i < 16; i++) {
            sweep.run(new Pace(1));
            put("m" + i, Long.MAX_VALUE);
        }
        clock.advanceMillis(3000);
        sweep.run(new Pace(0));
        assertThat(ledger.entries()).isEqualTo(216);
    }

    @Test
    void largeErrorIsFoundWhileOthersWrite() {
        for (int i = 0; i < 200; i++) {
            put("n" + i, Long.MAX_VALUE);
        }
        ledger.add(500, 0);
        for (int i = 0; i < 16; i++) {
            sweep.run(new Pace(1));
            put("m" + i, Long.MAX_VALUE);
        }
        clock.advanceMillis(3000);
        sweep.run(new Pace(0));
        assertThat(ledger.entries()).isBetween(184L, 248L);
    }

    @Test
    void entryThatIsJustBeingWrittenIsNotTakenForAnError() throws IOException {
        ledger.add(1, 1_000_000);
        debris(Writer.self(), 0);
        put("a", Long.MAX_VALUE);
        pass();
        assertThat(ledger.entries()).isEqualTo(2);
    }

    @Test
    void removalsThatAnotherProcessToldLateAreNotCountedTwice() {
        try (Ledger other = ledger()) {
            other.add(2, 20);
            ledger.lookNow();
            other.add(-2, -20);
            sweep.run(Pace.usual());
            clock.advanceMillis(1000);
            sweep.run(new Pace(0));
            other.beat();
            clock.advanceMillis(2000);
            sweep.run(new Pace(0));
            ledger.lookNow();
            assertThat(ledger.total().entries()).isZero();
            assertThat(ledger.total().bytes()).isZero();
        }
    }

    @Test
    void ledgerIsPutRightSoonWhenItIsKnownToBeWrong() {
        pass();
        ledger.add(5, 50);
        sweep.hurry();
        pass();
        assertThat(ledger.entries()).isZero();
    }

    private void pass() {
        sweep.run(Pace.usual());
        clock.advanceMillis(3000);
        sweep.run(Pace.usual());
    }

    private void put(String id, long keptUntil) {
        ledger.add(1, 10);
        tree.put(id, 10, 0, keptUntil);
    }

    private Path debris(@Nullable Writer writer, long modified) throws IOException {
        Path file = Files.createTempFile(directory, "debris", null);
        tree.debris.add(new Debris(file, writer, modified));
        return file;
    }

    private Ledger ledger() {
        return new Ledger(directory.resolve("ledger"), disk, clock, failures);
    }

    private Leases leases() {
        return new Leases(directory.resolve("locks"), disk, clock, failures);
    }
}
