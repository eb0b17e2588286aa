package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TraceTests {

    private static final byte[] BYTES = {0, 0, 0, 1, 0, 0, 1, 0, -1, -1, -1, -1};

    private static final int[] KEYS = {1, 256, -1};

    @TempDir
    private Path directory;

    @Test
    void plainFileIsReadAsBigEndian() throws IOException {
        Path file = Files.write(directory.resolve("some.trace"), BYTES);

        assertThat(Trace.read(file)).isEqualTo(KEYS);
    }

    @Test
    void compressedFileIsReadWhateverItsName() throws IOException {
        Path file = directory.resolve("some.trace");
        try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options())) {
            out.write(BYTES);
        }

        assertThat(Trace.read(file)).isEqualTo(KEYS);
    }

    @Test
    void fileOfOtherLengthIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("some.trace"), new byte[7]);

        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("some.trace has 7 bytes");
    }

    @Test
    void emptyFileIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("some.trace"), new byte[0]);

        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("some.trace has 0 bytes");
    }
}
