package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.crash.PowerLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a loss of power leaves of a log store: what was synced, or less where there is a bound, and never anything wrong.
 *
 * <p>{@code -Dlarder.power.rounds=1000} loses it more often, {@code -Dlarder.power.seed=7} elsewhere.
 */
@Timeout(value = 3600, threadMode = ThreadMode.SEPARATE_THREAD)
class LogPowerTests {

    private static final int ROUNDS = Integer.getInteger("larder.power.rounds", 10);

    private static final long SEED = Long.getLong("larder.power.seed", 1);

    @TempDir
    private Path parent;

    @ParameterizedTest
    @CsvSource({
        "1, 64, 1048576, PROCESS",
        "1, 64, 1048576, INTERVAL",
        "1, 64, 1048576, ALWAYS",
        "2, 8, 1048576, INTERVAL ALWAYS PROCESS",
        "1, 64, " + Settings.UNBOUNDED + ", ALWAYS",
        "1, 64, " + Settings.UNBOUNDED + ", INTERVAL",
        "1, 64, " + Settings.UNBOUNDED + ", PROCESS INTERVAL ALWAYS",
    })
    void syncedWritesSurviveAndNothingWrongIsFound(int shards, int hashBits, long maxSize, String syncs)
            throws Exception {
        Settings settings = Settings.real(maxSize, 1 << 16, shards, Sync.PROCESS);
        PowerLab lab = new PowerLab(
                round -> new LogSubject(hashBits, "run " + round),
                parent,
                settings,
                Stream.of(syncs.split(" ")).map(Sync::valueOf).toList(),
                settings.isBounded() ? 1000 : 200,
                2,
                SEED);
        assertThat(lab.run(ROUNDS)).isGreaterThan(100);
    }
}
