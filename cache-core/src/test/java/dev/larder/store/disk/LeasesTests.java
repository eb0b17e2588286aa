package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.LoadLease;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.Threads;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTests {

    private static final Writer DEAD = new Writer(Writer.self().host(), 999_999_999, 1);

    private static final Writer REUSED_PID =
            new Writer(Writer.self().host(), Writer.self().pid(), Writer.self().start() + 1);

    private static final Writer ELSEWHERE = new Writer("elsewhere_12345678", 1, 1);

    @TempDir
    private Path parent;

    private final Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    @Test
    void oneOfTwoInstancesGetsIt() {
        try (Leases one = open();
                Leases other = open()) {
            assertThat(one.tryAcquire("k")).isNotNull();
            assertThat(other.tryAcquire("k")).isNull();
            assertThat(one.tryAcquire("k")).isNull();
        }
    }

    @Test
    void oneOfManyThreadsGetsIt() {
        try (Leases leases = open()) {
            AtomicInteger winners = new AtomicInteger();
            Threads.run(8, thread -> {
                if (leases.tryAcquire("k") != null) {
                    winners.incrementAndGet();
                }
            });
            assertThat(winners).hasValue(1);
        }
    }

    @Test
    void othersHaveOtherNames() {
        try (Leases leases = open()) {
            assertThat(leases.tryAcquire("k")).isNotNull();
            assertThat(leases.tryAcquire("l")).isNotNull();
        }
    }

    @Test
    void isFreeAfterRelease() throws IOException {
        try (Leases one = open();
                Leases other = open()) {
            LoadLease lease = one.tryAcquire("k");
            assertThat(lease).isNotNull();
            assertThat(lease.lookAgain()).isTrue();
            lease.close();
            assertThat(files()).isEmpty();
            assertThat(other.tryAcquire("k")).isNotNull();
        }
    }

    @Test
    void closingGivesBackAllThatAreHeld() throws IOException {
        Leases leases = open();
        leases.tryAcquire("k");
        leases.tryAcquire("l");
        leases.close();
        assertThat(files()).isEmpty();
    }

    @Test
    void releaseDeletesOnlyOnesOwn() throws IOException {
        try (Leases one = open()) {
            LoadLease lease = one.tryAcquire("k");
            Path file = hold("k", ELSEWHERE);
            lease.close();
            assertThat(file).exists();
        }
    }

    @Test
    void secondReleaseDoesNotTakeTheNextHoldersAway() {
        try (Leases one = open();
                Leases other = open()) {
            LoadLease lease = one.tryAcquire("k");
            lease.close();
            assertThat(other.tryAcquire("k")).isNotNull();
            lease.close();
            assertThat(one.tryAcquire("k")).isNull();
        }
    }

    @Test
    void leaseOfDeadProcessIsBroken() throws IOException {
        hold("k", DEAD);
        try (Leases leases = open()) {
            assertThat(leases.tryAcquire("k")).isNotNull();
            assertThat(open().tryAcquire("k")).isNull();
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    void leaseOfEarlierProcessWithTheSamePidIsBroken() throws IOException {
        hold("k", REUSED_PID);
        assertThat(open().tryAcquire("k")).isNotNull();
    }

    @Test
    void leaseOfLiveProcessIsNotBroken() throws IOException {
        hold("k", Writer.self());
        assertThat(open().tryAcquire("k")).isNull();
    }

    @Test
    void oneOfManyBreakersWins() throws IOException {
        for (int round = 0; round < 200; round++) {
            String name = "k" + round;
            hold(name, DEAD);
            AtomicInteger winners = new AtomicInteger();
            Threads.run(4, thread -> {
                for (int i = 0; i < 3; i++) {
                    if (open().tryAcquire(name) != null) {
                        winners.incrementAndGet();
                    }
                }
            });
            assertThat(winners).hasValue(1);
        }
        assertThat(files()).hasSize(200).noneMatch(file -> file.toString().endsWith(".break"));
    }

    @Test
    void leaseOfAnotherHostIsBrokenOnlyAfterItsSilence() throws IOException {
        touch(hold("k", ELSEWHERE));
        clock.advance(Leases.SILENCE);
        assertThat(open().tryAcquire("k")).isNull();
        clock.advanceMillis(1);
        assertThat(open().tryAcquire("k")).isNotNull();
    }

    @Test
    void leaseOfLiveProcessThatIsSilentIsBroken() throws IOException {
        touch(hold("k", Writer.self()));
        clock.advance(Leases.SILENCE.plusMillis(1));
        assertThat(open().tryAcquire("k")).isNotNull();
    }

    @Test
    void unreadableLeaseIsBrokenOnlyAfterItsSilence() throws IOException {
        Files.createDirectories(parent.resolve("locks"));
        touch(Files.createFile(parent.resolve("locks/k")));
        assertThat(open().tryAcquire("k")).isNull();
        clock.advance(Leases.SILENCE.plusMillis(1));
        assertThat(open().tryAcquire("k")).isNotNull();
    }

    @Test
    void beatsKeepALease() throws IOException {
        try (Leases one = open();
                Leases other = open()) {
            Leases.Lease lease = one.tryAcquire("k");
            touch(parent.resolve("locks/k"));
            for (int i = 0; i < 20; i++) {
                clock.advance(Duration.ofSeconds(10));
                one.beat();
                assertThat(other.tryAcquire("k")).isNull();
            }
            assertThat(lease.isHeld()).isTrue();
            clock.advance(Leases.SILENCE.plusMillis(1));
            assertThat(other.tryAcquire("k")).isNotNull();
        }
    }

    @Test
    void beatNoticesThatALeaseWasBroken() throws IOException {
        try (Leases one = open()) {
            Leases.Lease lease = one.tryAcquire("k");
            FileTime before = FileTime.fromMillis(clock.millis() - 1);
            Path file = hold("k", ELSEWHERE);
            Files.setLastModifiedTime(file, before);
            clock.advance(Duration.ofSeconds(10));
            one.beat();
            assertThat(lease.isHeld()).isFalse();
            assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
        }
    }

    @Test
    void breakerThatDiedIsInTheWayOnce() throws IOException {
        hold("k", DEAD);
        hold("k.break", DEAD);
        assertThat(open().tryAcquire("k")).isNull();
        assertThat(open().tryAcquire("k")).isNotNull();
    }

    @Test
    void breakerAtWorkIsNotDisturbed() throws IOException {
        hold("k", DEAD);
        Path breaking = hold("k.break", Writer.self());
        assertThat(open().tryAcquire("k")).isNull();
        assertThat(breaking).exists();
    }

    @Test
    void sweepRemovesWhatTheDeadLeft() throws IOException {
        hold("k", DEAD);
        hold("l.break", DEAD);
        Path alive = hold("m", Writer.self());
        Path foreign = hold("n", ELSEWHERE);
        Path strange = Files.writeString(parent.resolve("locks/notes"), "not ours");
        touch(strange);
        clock.advance(Leases.SILENCE.plusMillis(1));
        open().sweep(Pace.usual());
        assertThat(files()).containsExactlyInAnyOrder(alive, foreign, strange);
    }

    @Test
    void loadsGoOnWhereLeasesCannotBeKept() throws IOException {
        Files.writeString(parent.resolve("locks"), "a file in the way");
        try (Leases leases = open()) {
            assertThat(leases.tryAcquire("k")).isNotNull();
            assertThat(failures.counts()).containsOnlyKeys("lock");
        }
    }

    private Leases open() {
        return new Leases(parent.resolve("locks"), disk, clock, failures);
    }

    private Path hold(String name, Writer writer) throws IOException {
        Files.createDirectories(parent.resolve("locks"));
        return Files.writeString(parent.resolve("locks").resolve(name), writer.text() + " 1 then\n");
    }

    private void touch(@Nullable Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(clock.millis()));
    }

    private List<Path> files() throws IOException {
        return Directories.list(parent.resolve("locks"));
    }
}
