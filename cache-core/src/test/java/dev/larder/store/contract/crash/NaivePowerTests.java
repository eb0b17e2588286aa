package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.crash.Settings.Sync;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lab that takes power away: it accepts a plain store, and notices each flaw that it is there for. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class NaivePowerTests {

    private static final int ROUNDS = Integer.getInteger("larder.power.rounds", 10);

    private static final long SEED = Long.getLong("larder.power.seed", 1);

    @TempDir
    private Path parent;

    private PowerLab lab(Flaw[] flaws, long maxSize, Sync... syncs) {
        Settings settings = Settings.real(maxSize, 1 << 16, 1, Sync.PROCESS);
        return new PowerLab(round -> new NaiveSubject(flaws), parent, settings, List.of(syncs), 200, 2, SEED);
    }

    @Test
    void plainStorePasses() throws Exception {
        assertThat(lab(new Flaw[0], 1 << 20, Sync.values()).run(ROUNDS)).isGreaterThan(100);
    }

    @Test
    void plainStoreThatSyncsEachWriteLosesNothing() throws Exception {
        assertThat(lab(new Flaw[0], Settings.UNBOUNDED, Sync.ALWAYS).run(ROUNDS))
                .isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "FORGETS_TO_SYNC, ALWAYS",
        "FORGETS_TO_SYNC_DIRECTORIES, ALWAYS",
        "SKIPS_CHECKSUMS, INTERVAL",
    })
    void flawIsNoticed(Flaw flaw, Sync sync) {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(
                        () -> lab(new Flaw[] {flaw}, Settings.UNBOUNDED, sync).run(100));
    }
}
