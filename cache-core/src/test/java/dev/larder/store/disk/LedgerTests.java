package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.Threads;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTests {

    private static final Writer DEAD = new Writer(Writer.self().host(), 999_999_999, 1);

    private static final Writer ELSEWHERE = new Writer("elsewhere_12345678", 1, 1);

    @TempDir
    private Path parent;

    private final Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    @Test
    void emptyAtFirst() {
        try (Ledger ledger = open()) {
            assertSums(ledger, 0, 0);
            assertThat(ledger.own().changes()).isZero();
        }
    }

    @Test
    void addsUpOwnSums() {
        try (Ledger ledger = open()) {
            ledger.add(1, 100);
            ledger.add(1, 50);
            ledger.add(-1, -100);
            assertSums(ledger, 1, 50);
            assertThat(ledger.own().changes()).isEqualTo(3);
        }
    }

    @Test
    void sumsOfAnotherProcessAreSeenAfterAWhile() {
        try (Ledger one = open();
                Ledger other = open()) {
            one.look();
            one.add(1, 10);
            other.add(2, 20);
            one.look();
            assertSums(one, 1, 10);
            clock.advanceMillis(Ledger.MAX_AGE_MILLIS);
            one.look();
            assertSums(one, 3, 30);
            assertThat(one.own().changes()).isEqualTo(1);
            assertThat(one.others().changes()).isEqualTo(2);
        }
    }

    @Test
    void additionsAreSeenAtOnceAndRemovalsAfterABeat() {
        try (Ledger one = open();
                Ledger other = open()) {
            one.add(3, 30);
            one.add(-1, -10);
            other.lookNow();
            assertSums(other, 3, 30);
            one.beat();
            other.lookNow();
            assertSums(other, 2, 20);
        }
    }

    @Test
    void oneProcessMayRemoveWhatTheOtherAdded() {
        try (Ledger one = open();
                Ledger other = open()) {
            one.add(3, 30);
            other.add(-3, -30);
            other.lookNow();
            assertSums(other, 0, 0);
        }
    }

    @Test
    void tooFewIsNoneButNotForgotten() {
        try (Ledger ledger = open()) {
            ledger.add(-2, -20);
            assertSums(ledger, 0, 0);
            assertThat(ledger.total().entries()).isEqualTo(-2);
            assertThat(ledger.total().bytes()).isEqualTo(-20);
        }
    }

    @Test
    void reopenedLedgerGoesOn() throws IOException {
        Ledger first = open();
        first.add(5, 50);
        first.close();
        try (Ledger second = open()) {
            assertSums(second, 5, 50);
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void removalsArePartOfWhatIsLeftBehind() {
        Ledger first = open();
        first.add(5, 50);
        first.add(-2, -20);
        first.close();
        try (Ledger second = open()) {
            assertSums(second, 3, 30);
        }
    }

    @Test
    void ledgerOfDeadProcessIsTakenOver() throws IOException {
        abandon(DEAD);
        try (Ledger ledger = open()) {
            assertSums(ledger, 7, 70);
            assertThat(files()).hasSize(1);
            ledger.add(1, 10);
            assertSums(ledger, 8, 80);
        }
    }

    @Test
    void ledgerOfLiveProcessIsNotTakenOver() {
        try (Ledger one = open()) {
            one.add(7, 70);
            try (Ledger other = open()) {
                other.add(1, 1);
                assertThat(other.own().changes()).isEqualTo(1);
                assertSums(other, 8, 71);
            }
        }
    }

    @Test
    void ledgerOfAnotherHostIsTakenOverOnlyAfterItsSilence() throws IOException {
        Path foreign = abandon(ELSEWHERE);
        Files.setLastModifiedTime(foreign, FileTime.fromMillis(clock.millis()));
        clock.advance(Ledger.SILENCE);
        try (Ledger early = open()) {
            assertThat(foreign).exists();
            clock.advanceMillis(1);
            try (Ledger late = open()) {
                assertThat(foreign).doesNotExist();
                assertSums(late, 7, 70);
            }
            assertThat(early.own().changes()).isZero();
        }
    }

    @Test
    void oneOfManyTakesOver() throws IOException {
        abandon(DEAD);
        Ledger[] ledgers = new Ledger[8];
        Threads.run(ledgers.length, thread -> ledgers[thread] = open());
        for (Ledger ledger : ledgers) {
            ledger.lookNow();
            assertSums(ledger, 7, 70);
        }
        assertThat(files()).hasSize(ledgers.length);
    }

    @Test
    void beatsKeepTheLedgerFromOthers() throws IOException {
        try (Ledger ledger = open()) {
            clock.advance(Duration.ofHours(1));
            ledger.beat();
            assertThat(Files.getLastModifiedTime(files().get(0)).toMillis()).isEqualTo(clock.millis());
        }
    }

    @Test
    void whoeverLostItsLedgerStartsANewOne() throws IOException {
        try (Ledger lost = open()) {
            lost.add(5, 50);
            Path old = files().get(0);
            Path taken = old.resolveSibling(DEAD.text() + "-2");
            Files.move(old, taken);
            lost.lookNow();
            assertSums(lost, 5, 50);
            lost.add(1, 10);
            assertSums(lost, 6, 60);
            assertThat(files()).hasSize(2);
        }
    }

    @Test
    void strangeFilesAreLeftAloneAndNotCounted() throws IOException {
        Path directory = Files.createDirectories(parent.resolve("ledger"));
        Path[] strange = {
            Files.writeString(directory.resolve("free-lunch"), "x".repeat(32)),
            Files.writeString(directory.resolve(DEAD.text() + "-1"), ""),
            Files.createDirectory(directory.resolve("free-1")),
            Files.writeString(directory.resolve("README"), "hello")
        };
        try (Ledger ledger = open()) {
            assertSums(ledger, 0, 0);
        }
        for (Path file : strange) {
            assertThat(file).exists();
        }
    }

    @Test
    void interruptedThreadWritesAndStaysInterrupted() {
        try (Ledger ledger = open();
                Ledger other = open()) {
            Thread.currentThread().interrupt();
            ledger.add(1, 10);
            assertThat(Thread.interrupted()).isTrue();
            ledger.add(1, 10);
            other.lookNow();
            assertSums(other, 2, 20);
            assertThat(failures.count()).isZero();
        }
    }

    @Test
    void goesOnInMemoryWhereItCannotWrite() throws IOException {
        Files.writeString(parent.resolve("ledger"), "a file in the way");
        try (Ledger ledger = open()) {
            ledger.add(2, 20);
            assertSums(ledger, 2, 20);
            assertThat(failures.counts()).containsKey("write");
        }
    }

    @Test
    void concurrentAdditionsAllCount() {
        try (Ledger ledger = open();
                Ledger other = open()) {
            Threads.run(4, thread -> {
                for (int i = 0; i < 500; i++) {
                    ledger.add(1, 3);
                }
            });
            other.lookNow();
            assertSums(other, 2000, 6000);
        }
    }

    private Ledger open() {
        return new Ledger(parent.resolve("ledger"), disk, clock, failures);
    }

    /** Leaves a ledger of 7 entries and 70 bytes behind. */
    private Path abandon(Writer writer) throws IOException {
        Ledger ledger = open();
        ledger.add(7, 70);
        ledger.close();
        Path file = files().get(0);
        return Files.move(file, file.resolveSibling(writer.text() + "-1"));
    }

    private List<Path> files() throws IOException {
        return Directories.list(parent.resolve("ledger"));
    }

    private static void assertSums(Ledger ledger, long entries, long bytes) {
        assertThat(ledger.entries()).isEqualTo(entries);
        assertThat(ledger.bytes()).isEqualTo(bytes);
    }
}
