package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.crash.Settings.Sync;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab of races: it accepts a plain store, and notices each flaw that it is there for. */
class NaiveRaceTests {

    @TempDir
    private Path directory;

    private RaceLab lab(Flaw... flaws) {
        Settings settings = Settings.real(1 << 20, 1 << 16, 1, Sync.PROCESS);
        return new RaceLab(new NaiveSubject(flaws), directory, settings, 12, 4, 1);
    }

    @ParameterizedTest
    @EnumSource
    void plainStorePasses(RaceLab.Threads threads) throws Exception {
        assertThat(lab().run(threads, 4, 500)).isGreaterThan(100);
    }

    @Test
    void flawsAreNoticed() {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.RACES_TOUCH).run(RaceLab.Threads.PLATFORM, 20, 4000));
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.STAYS_CLOSED_AFTER_AN_INTERRUPT).run(RaceLab.Threads.INTERRUPTED, 4, 2000));
    }
}
