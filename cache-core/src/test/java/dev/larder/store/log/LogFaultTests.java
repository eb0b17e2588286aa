package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.crash.FaultLab;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a log store does when its disk fails: loses what it cannot keep, and never throws, lies or stays broken.
 *
 * <p>{@code -Dlarder.fault.stride=0} lets every call fail once.
 */
@Timeout(value = 3600, threadMode = ThreadMode.SEPARATE_THREAD)
class LogFaultTests {

    private static final int STRIDE = Integer.getInteger("larder.fault.stride", 10);

    @TempDir
    private Path parent;

    @ParameterizedTest
    @EnumSource
    void faultLosesWritesAtMost(FaultLab.Kind kind) throws Exception {
        FaultLab lab = new FaultLab(new LogSubject(64, "this run"), parent, 1 << 16, STRIDE);
        assertThat(lab.run(kind)).isGreaterThan(5);
    }
}
