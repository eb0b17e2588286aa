package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which segments come before which. */
class LogTests {

    private static final Settings SETTINGS =
            new Settings(LogSetup.SEGMENT, 16 * LogSetup.SEGMENT, 0, Durability.PROCESS, 1, 2);

    private final LogSetup setup = new LogSetup();

    private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path directory;

    private Log log;

    @BeforeEach
    void open() {
        log = new Log(
                disk.over(directory),
                new State(1, 0, Log.STEP, 0, 2, 0, 1, List.of()),
                SETTINGS,
                new Readers(16, setup.failures),
                setup.clock,
                setup.failures);
    }

    @Test
    void whatIsRewrittenComesBeforeWhatIsWrittenMeanwhile() throws IOException {
        log.makeSpare();
        assertThat(log.tail.reserve(1)).isTrue();
        assertThat(rewritten().number()).isLessThan(log.tail.active().number());
    }

    @Test
    void whatIsRewrittenComesBeforeASegmentInReserve() throws IOException {
        log.makeSpare();
        Segment rewritten = rewritten();
        assertThat(log.tail.reserve(1)).isTrue();
        assertThat(rewritten.number()).isLessThan(log.tail.active().number());
    }

    @Test
    void whatIsRewrittenComesBeforeASegmentThatCouldNotBeListed() throws IOException {
        disk.faults().inject(Fault.inputOutputError(), Call.about("state"));
        assertThatThrownBy(log::makeSpare).isInstanceOf(IOException.class);
        disk.faults().clear();
        Segment rewritten = rewritten();
        log.makeSpare();
        assertThat(log.tail.reserve(1)).isTrue();
        assertThat(rewritten.number()).isLessThan(log.tail.active().number());
    }

    private Segment rewritten() throws IOException {
        return log.files.finish(log.draft(), false);
    }
}
