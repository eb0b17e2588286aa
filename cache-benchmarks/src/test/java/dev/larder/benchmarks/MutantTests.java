package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutantTests {

    private static final Path SOURCES = Path.of("../cache-core/src/main/java/dev/larder/store/log");

    @Test
    void everyMutantFitsTheSourcesAsTheyAre() throws IOException {
        List<Mutant> mutants = Mutant.all();
        assertThat(mutants).hasSizeGreaterThan(20);
        for (Mutant mutant : mutants) {
            String source = Files.readString(SOURCES.resolve(mutant.file()));
            assertThat(mutant.applyTo(source)).as(mutant.name()).isNotEqualTo(source);
        }
    }

    @Test
    void linesThatOccurTwiceOrNeverAreRefused() {
        Mutant mutant = new Mutant("some", "Some.java", "", List.of("a();", "b();"), List.of("c();"));
        assertThat(mutant.applyTo("x\n  a();\n  b();\ny")).isEqualTo("x\nc();\ny");
        assertThatIllegalArgumentException().isThrownBy(() -> mutant.applyTo("a();\nx"));
        assertThatIllegalArgumentException().isThrownBy(() -> mutant.applyTo("a();\nb();\na();\nb();"));
    }
}
