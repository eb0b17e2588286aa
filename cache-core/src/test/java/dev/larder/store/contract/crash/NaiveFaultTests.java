package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab whose disk fails: it accepts a plain store, and notices each flaw that it is there for. */
class NaiveFaultTests {

    private static final int STRIDE = Integer.getInteger("larder.fault.stride", 10);

    @TempDir
    private Path parent;

    private FaultLab lab(Flaw... flaws) {
        return new FaultLab(new NaiveSubject(flaws), parent, 1 << 16, STRIDE);
    }

    @ParameterizedTest
    @EnumSource
    void plainStorePasses(FaultLab.Kind kind) throws Exception {
        assertThat(lab().run(kind)).isGreaterThan(kind == FaultLab.Kind.SHORT ? 0 : 10);
    }

    @ParameterizedTest
    @CsvSource({
        "THROWS_FAULTS, BROKEN_ONCE",
        "KEEPS_THE_OLDER_WHEN_A_PUT_FAILS, FULL_ONCE",
        "FORGETS_REMOVALS_THAT_FAIL, FULL_ONCE",
    })
    void flawIsNoticed(Flaw flaw, FaultLab.Kind kind) {
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> lab(flaw).run(kind));
    }
}
