package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.crash.CorruptionLab.State;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab that damages files: it accepts a plain store, and notices each flaw that it is there for. */
class NaiveCorruptionTests {

    @TempDir
    private Path parent;

    private CorruptionLab lab(Flaw... flaws) {
        return new CorruptionLab(new NaiveSubject(flaws), parent, 1 << 16, 31);
    }

    @Test
    void plainStorePasses() throws Exception {
        CorruptionLab lab = lab();
        lab.checkUndamaged(State.CLOSED);
        lab.flipEveryByte(State.CLOSED);
        lab.truncateEverywhere(State.CLOSED);
        lab.zeroFromEverywhere();
        lab.makeHolesEverywhere(State.CLOSED);
        lab.mistreatFiles(State.CLOSED);
        lab.swapFiles(State.CLOSED);
    }

    @Test
    void plainStorePassesWhileItIsOpen() throws Exception {
        lab().damageUnderAnOpenStore();
    }

    @Test
    void flawsAreNoticed() {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.SKIPS_CHECKSUMS).flipEveryByte(State.CLOSED));
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.SKIPS_CHECKSUMS).damageUnderAnOpenStore());
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.SEARCHES_BEHIND_BAD_RECORDS).flipEveryByte(State.CLOSED));
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.SEARCHES_BEHIND_BAD_RECORDS, Flaw.CHECKSUMS_FIT_ANYWHERE)
                        .flipEveryByte(State.CLOSED));
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> lab(Flaw.THROWS_FAULTS).mistreatFiles(State.CLOSED));
    }
}
