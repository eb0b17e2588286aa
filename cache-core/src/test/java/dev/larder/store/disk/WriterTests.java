package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriterTests {

    @Test
    void textIsReadBack() {
        Writer self = Writer.self();
        assertThat(Writer.parse(self.text())).isEqualTo(self);
        assertThat(self.text()).matches("[a-z0-9._-]{1,110}");
    }

    @Test
    void temporaryNamesTellTheirWriterAndDiffer() {
        String name = Writer.temporaryName();
        assertThat(Writer.ofTemporary(name)).isEqualTo(Writer.self());
        assertThat(Writer.temporaryName()).isNotEqualTo(name);
    }

    @Test
    void otherNamesHaveNoWriter() {
        for (String name :
                new String[] {"", ".tmp-", ".tmp-x", ".tmp-a-1-1", "tmp-a-1-1-1", ".tmp-a-1-1-g", ".tmp-A-1-1-1"}) {
            assertThat(Writer.ofTemporary(name)).as(name).isNull();
        }
        for (String text : new String[] {"", "a", "a-1", "a-1-x", "a/b-1-1", "a-1-1 ", "-1-1"}) {
            assertThat(Writer.parse(text)).as(text).isNull();
        }
    }

    @Test
    void thisProcessLives() {
        assertThat(Writer.self().isHere()).isTrue();
        assertThat(Writer.self().isDead()).isFalse();
    }

    @Test
    void processIsDeadWhenItHasEnded() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-version").start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new Writer(Writer.self().host(), process.pid(), 1).isDead()).isTrue();
    }

    @Test
    void anotherProcessWithTheSamePidIsDead() {
        Writer self = Writer.self();
        assertThat(new Writer(self.host(), self.pid(), self.start() + 1).isDead())
                .isTrue();
    }

    @Test
    void processOfAnotherHostIsNotKnownToBeDead() {
        Writer foreign = new Writer("elsewhere_12345678", 999_999_999, 1);
        assertThat(foreign.isHere()).isFalse();
        assertThat(foreign.isDead()).isFalse();
    }
}
