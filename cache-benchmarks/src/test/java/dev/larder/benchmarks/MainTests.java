package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void tracePrintsARatioForEachSize(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("some.trace"), new byte[] {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1});

        assertThat(run("trace", file.toString(), "1", "2", "--contestants", "larder"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence("some.trace", "1", "2", "larder", "0.00 %", "33.33 %");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "heat", "heap --forks 0", "heap --fork 1", "heap --quickly", "heap --workloads miss", "trace"
            })
    void whatMakesNoSenseShowsTheUsage(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("Usage:", "--contestants");
    }

    @Test
    void missingTraceFails() {
        assertThat(run("trace", "no.trace", "10")).isEqualTo(1);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("no.trace");
    }

    @Test
    void ratiosAreTakenWithinRounds() {
        Spread ratios = Spread.ofRatios(List.of(2.0, 40.0, 6.0), List.of(1.0, 10.0, 2.0));

        assertThat(ratios).isEqualTo(new Spread(2, 3, 4));
    }

    @Test
    void medianOfTwoIsTheirMean() {
        assertThat(Spread.of(List.of(1.0, 2.0)).median()).isEqualTo(1.5);
    }

    private int run(String... arguments) {
        return Main.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }
}
