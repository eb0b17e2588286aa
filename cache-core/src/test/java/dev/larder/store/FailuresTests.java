package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailuresTests {

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("reports", clock);

    @BeforeEach
    void forgetWhatOthersLogged() {
        List<String> unused = LogCapture.take();
    }

    @Test
    void everyFaultIsCountedByKind() {
        failures.report("write", new IOException("full"));
        failures.report("write", new IOException("full"));
        failures.report("read", new IOException("broken"));
        assertThat(failures.count()).isEqualTo(3);
        assertThat(failures.counts()).isEqualTo(Map.of("read", 1L, "write", 2L));
    }

    @Test
    void oneFaultOfEachKindIsLoggedInAMinute() {
        for (int i = 0; i < 1000; i++) {
            failures.report("write", new IOException("full"));
            failures.report("read", new IOException("broken"));
        }
        List<String> logged = LogCapture.take();
        assertThat(logged).hasSize(2);
        assertThat(logged.get(0)).startsWith("WARN").contains("'reports'", "failed to write", "full");
        assertThat(logged.get(1)).startsWith("WARN").contains("'reports'", "failed to read", "broken");
        clock.advance(Duration.ofMinutes(1).minusMillis(1));
        failures.report("write", new IOException("full"));
        assertThat(LogCapture.take()).isEmpty();
        clock.advanceMillis(1);
        failures.report("write", new IOException("full"));
        assertThat(LogCapture.take()).hasSize(1);
    }
}
