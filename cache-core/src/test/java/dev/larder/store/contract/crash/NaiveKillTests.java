package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.crash.Settings.Sync;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lab that kills: it accepts a plain store, and notices each flaw that it is there for. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class NaiveKillTests {

    private static final int ROUNDS = Integer.getInteger("larder.kill.rounds", 4);

    private static final long SEED = Long.getLong("larder.kill.seed", 1);

    @TempDir
    private Path directory;

    private KillLab lab(long maxSize, String flaws) {
        Settings settings = Settings.real(maxSize, 1 << 16, 1, Sync.PROCESS);
        return new KillLab(Subject.name(NaiveSubject.class, flaws), directory, settings, 200, 3, SEED);
    }

    @ParameterizedTest
    @CsvSource({"" + (1 << 20), "" + Settings.UNBOUNDED})
    void plainStorePasses(long maxSize) throws Exception {
        KillLab.Report report = lab(maxSize, "").run(ROUNDS, line -> {});
        assertThat(report.found()).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "FORGETS_TOMBSTONES," + (1 << 20),
        "ACKNOWLEDGES_BEFORE_WRITING," + (1 << 20),
        "CLEARS_ONLY_MEMORY," + (1 << 20),
        "SKIPS_KEY_COMPARE," + (1 << 20),
        "COMPACTS_WHAT_WAS_REMOVED," + (1 << 20),
        "LOSES_THE_LAST_RECORD," + Settings.UNBOUNDED,
    })
    void flawIsNoticed(Flaw flaw, long maxSize) {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(maxSize, flaw.name()).run(50, line -> {}));
    }
}
