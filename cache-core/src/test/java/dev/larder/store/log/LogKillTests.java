package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.crash.KillLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.crash.Subject;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What processes that were killed leave in a log store: everything that was acknowledged, or less where there is a bound,
 * and never anything older.
 *
 * <p>{@code -Dlarder.kill.rounds=100} kills more of them, {@code -Dlarder.kill.seed=7} others.
 */
@Timeout(value = 3600, threadMode = ThreadMode.SEPARATE_THREAD)
class LogKillTests {

    private static final int ROUNDS = Integer.getInteger("larder.kill.rounds", 8);

    private static final long SEED = Long.getLong("larder.kill.seed", 1);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "1, 64, " + (1 << 20),
        "2, 64, " + (1 << 21),
        "1, 8, " + (1 << 20),
        "1, 64, " + Settings.UNBOUNDED,
    })
    void acknowledgedWritesSurviveAndNothingComesBack(int shards, int hashBits, long maxSize) throws Exception {
        Settings settings = Settings.real(maxSize, 1 << 16, shards, Sync.PROCESS);
        String subject = Subject.name(LogSubject.class, String.valueOf(hashBits));
        KillLab lab = new KillLab(subject, directory, settings, 300, 3, SEED);
        assertThat(lab.run(ROUNDS, line -> {}).found()).isGreaterThan(100);
    }
}
