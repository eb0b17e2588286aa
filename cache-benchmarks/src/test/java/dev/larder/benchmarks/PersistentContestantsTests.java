package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PersistentContestantsTests {

    private static final int ENTRIES = 400;

    @ParameterizedTest
    @EnumSource
    void everyContestantKeepsWhatWasPutLastAndNoMoreThanFits(PersistentContestants contestant, @TempDir Path directory)
            throws IOException {
        Plan plan = Plan.parse(List.of("--entries", String.valueOf(ENTRIES), "--value-size", "4096"));

        Map<String, Double> checked = PersistentSpeed.measure("check", contestant, directory.resolve("store"), plan);

        assertThat(checked).containsEntry("wrong", 0.0);
        assertThat(checked.get("wrong-again")).isEqualTo(contestant.isPersistent() ? 0.0 : null);
        if (contestant.boundsItself()) {
            assertThat(checked.get("kept")).isPositive().isLessThan(ENTRIES);
        } else {
            assertThat(checked).containsEntry("kept", ENTRIES / 2.0);
        }
    }
}
