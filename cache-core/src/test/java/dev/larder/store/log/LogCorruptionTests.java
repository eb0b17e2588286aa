package dev.larder.store.log;

import dev.larder.store.contract.crash.CorruptionLab;
import dev.larder.store.contract.crash.CorruptionLab.State;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happened to its files, a log store gives the right value with the right life, or misses.
 *
 * <p>{@code -Dlarder.corruption.stride=1} damages every byte.
 */
@Timeout(value = 3600, threadMode = ThreadMode.SEPARATE_THREAD)
class LogCorruptionTests {

    private static final int STRIDE = Integer.getInteger("larder.corruption.stride", 331);

    @TempDir
    private Path parent;

    private CorruptionLab lab(int hashBits) {
        return new CorruptionLab(new LogSubject(hashBits, "this run"), parent, 1 << 16, STRIDE);
    }

    @ParameterizedTest
    @EnumSource
    void undamagedStoreHasAll(State state) throws Exception {
        lab(64).checkUndamaged(state);
    }

    @ParameterizedTest
    @EnumSource
    void flippedByteGivesTheRightValueOrAMiss(State state) throws Exception {
        lab(64).flipEveryByte(state);
    }

    @ParameterizedTest
    @EnumSource
    void flippedByteGivesTheRightValueOrAMissWhereKeysCollide(State state) throws Exception {
        lab(1).flipEveryByte(state);
    }

    @ParameterizedTest
    @EnumSource
    void prefixGivesTheRightValueOrAMiss(State state) throws Exception {
        lab(64).truncateEverywhere(state);
    }

    @Test
    void zeroesGiveTheRightValueOrAMiss() throws Exception {
        lab(64).zeroFromEverywhere();
    }

    @ParameterizedTest
    @EnumSource
    void holesGiveTheRightValueOrAMiss(State state) throws Exception {
        lab(64).makeHolesEverywhere(state);
    }

    @ParameterizedTest
    @EnumSource
    void mistreatedFilesGiveTheRightValueOrAMiss(State state) throws Exception {
        lab(64).mistreatFiles(state);
    }

    @ParameterizedTest
    @EnumSource
    void swappedFilesGiveTheRightValueOrAMiss(State state) throws Exception {
        lab(64).swapFiles(state);
    }

    @Test
    void filesThatChangeUnderAnOpenStoreGiveTheRightValueOrAMiss() throws Exception {
        lab(64).damageUnderAnOpenStore();
    }
}
