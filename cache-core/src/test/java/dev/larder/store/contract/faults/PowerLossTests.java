package dev.larder.store.contract.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerLossTests {

    private static final int TRIES = 200;

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path parent;

    private Path root;

    private PowerLoss power;

    @BeforeEach
    void watch() throws IOException {
        Path below = Files.createDirectory(parent.resolve("root"));
        Files.writeString(below.resolve("old"), "old");
        power = new PowerLoss(below);
        fileSystem.faults().inject(power, Call.any());
        root = fileSystem.over(below);
    }

    private void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }

    /** What the file holds after losses of power, each by chance; "-" where it is gone. */
    private Set<String> survivors(String name) throws IOException {
        power.cut();
        Set<String> contents = new TreeSet<>();
        for (int i = 0; i < TRIES; i++) {
            Path target = Files.createDirectory(parent.resolve(name + i));
            power.restore(target, new Random(i));
            Path file = target.resolve(name);
            contents.add(Files.exists(file) ? Files.readString(file) : "-");
        }
        return contents;
    }

    @Test
    void whatWasThereBeforeStays() throws IOException {
        assertThat(survivors("old")).containsExactly("old");
    }

    @Test
    void fileIsSafeWhenBothItAndItsDirectoryAreSynced() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "content");
        sync(file);
        sync(root);
        assertThat(survivors("file")).containsExactly("content");
    }

    @Test
    void nameGetsLostWithoutASyncOfItsDirectory() throws IOException {
        sync(Files.writeString(root.resolve("file"), "content"));
        assertThat(survivors("file")).containsExactly("-", "content");
    }

    @Test
    void contentGetsLostWithoutASyncOfTheFile() throws IOException {
        Files.writeString(root.resolve("file"), "content");
        sync(root);
        assertThat(survivors("file")).containsExactly("", "\0\0\0\0\0\0\0", "content");
    }

    @Test
    void replacedFileIsTheOldOrTheNewOne() throws IOException {
        Path temporary = Files.writeString(root.resolve("temporary"), "new");
        sync(temporary);
        Files.move(temporary, root.resolve("old"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        assertThat(survivors("old")).containsExactly("new", "old");
    }

    @Test
    void replacedFileCanGetEmptyWithoutASync() throws IOException {
        Path temporary = Files.writeString(root.resolve("temporary"), "new");
        Files.move(temporary, root.resolve("old"), StandardCopyOption.REPLACE_EXISTING);
        sync(root);
        assertThat(survivors("old")).contains("", "new").doesNotContain("old");
    }

    @Test
    void sectorsGetLostOneByOne() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "a".repeat(1536));
        sync(file);
        sync(root);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("b".repeat(1024).getBytes(StandardCharsets.UTF_8)), 512);
        }
        assertThat(survivors("file"))
                .containsExactlyInAnyOrder(
                        "a".repeat(1536),
                        "a".repeat(512) + "b".repeat(1024),
                        "a".repeat(1024) + "b".repeat(512),
                        "a".repeat(512) + "b".repeat(512) + "a".repeat(512));
    }

    @Test
    void whatWasTruncatedDoesNotComeBackWhenTheFileGrowsAgain() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "a".repeat(1024));
        sync(file);
        sync(root);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(512);
            channel.write(ByteBuffer.wrap("b".repeat(512).getBytes(StandardCharsets.UTF_8)), 512);
        }
        assertThat(survivors("file"))
                .containsExactlyInAnyOrder(
                        "a".repeat(512),
                        "a".repeat(1024),
                        "a".repeat(512) + "\0".repeat(512),
                        "a".repeat(512) + "b".repeat(512));
    }

    @Test
    void deletedFileMayComeBackUntilItsDirectoryIsSynced() throws IOException {
        Files.delete(root.resolve("old"));
        assertThat(survivors("old")).containsExactly("-", "old");
    }

    @Test
    void whatASyncFailedToWriteStaysUnsureThoughTheNextSucceeds() throws IOException {
        Path file = root.resolve("old");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)), 0);
            power.failSync(1);
            assertThatIOException().isThrownBy(() -> channel.force(true));
            channel.force(true);
        }
        assertThat(survivors("old")).containsExactly("new", "old");
    }

    @Test
    void afterTheCutEveryCallFails() throws IOException {
        Path file = root.resolve("old");
        int[] cuts = {0};
        power.cutAfter(1, () -> cuts[0]++);
        assertThat(Files.exists(file)).isTrue();
        assertThatIOException().isThrownBy(() -> Files.size(file)).withMessage("Power is off");
        assertThatIOException().isThrownBy(() -> Files.size(file)).withMessage("Power is off");
        assertThat(cuts[0]).isEqualTo(1);
    }
}
