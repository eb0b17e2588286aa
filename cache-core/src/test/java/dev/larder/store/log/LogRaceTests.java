package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.crash.RaceLab;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Settings.Sync;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each key of a log store is a register that may forget, and that does not remember what it forgot, whatever threads do.
 *
 * <p>{@code -Dlarder.race.rounds=1000} lets them meet more often, {@code -Dlarder.race.seed=7} otherwise.
 */
@Timeout(value = 3600, threadMode = ThreadMode.SEPARATE_THREAD)
class LogRaceTests {

    private static final int ROUNDS = Integer.getInteger("larder.race.rounds", 2);

    private static final long SEED = Long.getLong("larder.race.seed", 1);

    @TempDir
    private Path directory;

    private RaceLab lab(int hashBits, int keys) {
        Settings settings = Settings.real(1 << 20, 1 << 16, 1, Sync.PROCESS);
        return new RaceLab(new LogSubject(hashBits, "this run"), directory, settings, keys, 4, SEED);
    }

    @ParameterizedTest
    @EnumSource
    void everyReadIsWhatTheLastWriteLeftOrNothing(RaceLab.Threads threads) throws Exception {
        assertThat(lab(64, 12).run(threads, ROUNDS, 2000)).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void everyReadIsRightWhereKeysCollide(RaceLab.Threads threads) throws Exception {
        assertThat(lab(2, 12).run(threads, ROUNDS, 2000)).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void everyReadIsRightWhileMuchIsEvicted(RaceLab.Threads threads) throws Exception {
        assertThat(lab(64, 2000).run(threads, ROUNDS, 2000)).isGreaterThan(100);
    }
}
