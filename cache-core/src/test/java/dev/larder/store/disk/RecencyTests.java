package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecencyTests {

    private static final FileTime OLD = FileTime.fromMillis(1000);

    private static final long LONG_AGO = OLD.to(TimeUnit.NANOSECONDS);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    private final Recency recency = new Recency(id -> directory.resolve(id), clock, failures);

    @Test
    void unknownEntryWasUsedWhenItWasModified() {
        assertThat(recency.lastUse("a", 42)).isEqualTo(42);
    }

    @Test
    void usesAreInOrderWhileTheClockStandsStill() {
        recency.written("a");
        recency.used("b");
        recency.used("c");
        recency.used("a");
        assertThat(last("b")).isLessThan(last("c"));
        assertThat(last("c")).isLessThan(last("a"));
    }

    @Test
    void usesAreTimes() {
        recency.used("a");
        assertThat(TimeUnit.NANOSECONDS.toMillis(last("a"))).isEqualTo(clock.millis());
        clock.advanceMillis(5);
        recency.used("a");
        assertThat(TimeUnit.NANOSECONDS.toMillis(last("a"))).isEqualTo(clock.millis());
    }

    @Test
    void useByAnotherProcessCountsWhenItIsClearlyLater() {
        recency.used("a");
        long used = last("a");
        assertThat(recency.lastUse("a", used + 19_000_000)).isEqualTo(used);
        assertThat(recency.lastUse("a", used + 21_000_000)).isEqualTo(used + 21_000_000);
    }

    @Test
    void useIsWrittenToTheFile() throws IOException {
        Path file = file("a");
        recency.used("a");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(OLD);
        recency.writeBack(Pace.usual());
        assertThat(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS)).isEqualTo(last("a"));
    }

    @Test
    void useIsWrittenOnce() throws IOException {
        Path file = file("a");
        recency.used("a");
        recency.writeBack(Pace.usual());
        Files.setLastModifiedTime(file, OLD);
        recency.writeBack(Pace.usual());
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(OLD);
    }

    @Test
    void putIsNotWrittenSinceTheFileTells() throws IOException {
        Path file = file("a");
        recency.used("a");
        recency.written("a");
        recency.writeBack(Pace.usual());
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(OLD);
    }

    @Test
    void oneRunWritesNoMoreThanItMay() throws IOException {
        file("a");
        file("b");
        Path last = file("c");
        recency.used("a");
        recency.used("b");
        recency.used("c");
        recency.writeBack(new Pace(2));
        assertThat(Files.getLastModifiedTime(last)).isEqualTo(OLD);
        recency.writeBack(new Pace(2));
        assertThat(Files.getLastModifiedTime(last)).isNotEqualTo(OLD);
    }

    @Test
    void vanishedFileIsForgotten() {
        recency.used("a");
        recency.writeBack(Pace.usual());
        assertThat(last("a")).isEqualTo(LONG_AGO);
        assertThat(failures.count()).isZero();
    }

    @Test
    void forgottenEntryIsAsItsFileSays() {
        recency.used("a");
        recency.used("b");
        recency.forget("a");
        assertThat(last("a")).isEqualTo(LONG_AGO);
        recency.forgetAll();
        assertThat(last("b")).isEqualTo(LONG_AGO);
    }

    @Test
    void tableKeepsAllUsesOfASmallStore() {
        for (int i = 0; i < Evictor.EXACT; i++) {
            recency.used("n" + i);
        }
        assertThat(IntStream.range(0, Evictor.EXACT).filter(i -> last("n" + i) == LONG_AGO))
                .isEmpty();
    }

    @Test
    void tableForgetsWhatWasUsedLongAgoAndKeepsWhatWasUsedLately() {
        recency.used("kept");
        for (int i = 0; i < 4 * Recency.CAPACITY; i++) {
            recency.used("n" + i);
            if (i % 64 == 0) {
                recency.used("kept");
            }
        }
        long known = IntStream.range(0, 4 * Recency.CAPACITY)
                .filter(i -> last("n" + i) != LONG_AGO)
                .count();
        assertThat(known).isBetween(Recency.CAPACITY / 2L, (long) Recency.CAPACITY - 1);
        assertThat(last("n" + (4 * Recency.CAPACITY - 1))).isNotEqualTo(LONG_AGO);
        assertThat(last("n0")).isEqualTo(LONG_AGO);
        assertThat(last("kept")).isNotEqualTo(LONG_AGO);
    }

    private long last(String id) {
        return recency.lastUse(id, LONG_AGO);
    }

    private Path file(String id) throws IOException {
        Path file = Files.createFile(directory.resolve(id));
        Files.setLastModifiedTime(file, OLD);
        return file;
    }
}
