package dev.larder.store.contract.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Faults.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyFileSystemTests {

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final Faults faults = fileSystem.faults();

    @TempDir
    private Path directory;

    private Path root;

    private Path file;

    @BeforeEach
    void wrap() throws IOException {
        root = fileSystem.over(directory);
        file = root.resolve("file");
        Files.writeString(file, "content");
    }

    @Test
    void withoutFaultsItIsTheFileSystemBelow() throws IOException {
        Path sub = Files.createDirectories(root.resolve("a/b"));
        Path link = Files.createLink(sub.resolve("link"), file);
        Path moved = Files.move(link, sub.resolve("moved"));
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000));
        Files.setLastModifiedTime(moved, time);
        assertThat(directory.resolve("a/b/moved")).hasContent("content");
        assertThat(Files.getLastModifiedTime(directory.resolve("file"))).isEqualTo(time);
        assertThat(Files.exists(link)).isFalse();
        assertThat(Files.isSameFile(file, moved)).isTrue();
        assertThat(Files.readString(moved)).isEqualTo("content");
        assertThat(Files.deleteIfExists(moved)).isTrue();
        assertThat(directory.resolve("a/b")).isEmptyDirectory();
    }

    @Test
    void pathsThatComeOutStayInside() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            files.forEach(found::add);
        }
        try (Stream<Path> walked = Files.walk(root)) {
            walked.forEach(found::add);
        }
        found.add(file.toAbsolutePath());
        found.add(file.toRealPath());
        found.add(file.resolveSibling("other"));
        found.add(root.relativize(file));
        file.forEach(found::add);
        assertThat(found).isNotEmpty().allMatch(path -> path.getFileSystem() == fileSystem);
        assertThat(found).startsWith(file);
    }

    @Test
    void whatWouldGetRoundTheFaultsIsRefused() throws IOException {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.toFile());
        assertThatExceptionOfType(ProviderMismatchException.class).isThrownBy(() -> root.resolve(Path.of("file")));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 1));
        }
    }

    /** Each operation, called through the class that code under test would use, with the fault before and after it. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyOperationCanFail(Operation operation) throws IOException {
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ThrowingCallable call = callTo(operation, open);
            for (Fault fault : List.of(Fault.inputOutputError(), Fault.afterwards(Fault.inputOutputError()))) {
                faults.inject(fault, Call.of(operation));
                assertThatIOException().isThrownBy(call).withMessageContaining("Input/output error");
                faults.clear();
            }
        }
    }

    private ThrowingCallable callTo(Operation operation, FileChannel open) {
        int[] runs = {0};
        Path fresh = root.resolve("fresh");
        return () -> {
            Path unique = root.resolve("fresh" + runs[0]++);
            switch (operation) {
                case OPEN -> FileChannel.open(file).close();
                case MAP -> open.map(FileChannel.MapMode.READ_ONLY, 0, 1);
                case CREATE -> Files.createFile(unique);
                case READ -> open.read(ByteBuffer.allocate(1), 0);
                case WRITE -> open.write(ByteBuffer.allocate(1), 0);
                case TRUNCATE -> open.truncate(5);
                case FORCE -> open.force(true);
                case CLOSE -> Files.newInputStream(file).close();
                case MOVE -> Files.move(Files.createTempFile(root, "a", "b"), fresh);
                case LINK -> Files.createLink(unique, file);
                case DELETE -> Files.delete(Files.createTempFile(root, "a", "b"));
                case CREATE_DIRECTORY -> Files.createDirectory(unique);
                case LIST -> Files.list(root).close();
                case STAT -> Files.size(file);
                case SET_TIMES -> Files.setLastModifiedTime(file, FileTime.fromMillis(0));
                case SET_ATTRIBUTES -> Files.setAttribute(file, "posix:permissions", java.util.Set.of());
            }
        };
    }

    @Test
    void faultBeforeLeavesNoEffectAndFaultAfterwardsDoes() {
        Path target = root.resolve("target");
        faults.inject(Fault.inputOutputError(), Call.of(Operation.MOVE));
        assertThatIOException().isThrownBy(() -> Files.move(file, target));
        assertThat(directory.resolve("target")).doesNotExist();
        faults.clear();
        faults.inject(Fault.afterwards(Fault.inputOutputError()), Call.of(Operation.MOVE));
        assertThatIOException().isThrownBy(() -> Files.move(file, target));
        assertThat(directory.resolve("target")).hasContent("content");
    }

    @Test
    void onlyTheNthCallThatMatchesFails() throws IOException {
        Rule rule = faults.injectAt(2, Fault.accessDenied(), Call.of(Operation.OPEN));
        Files.size(file);
        Files.readString(file);
        assertThat(rule.isMet()).isFalse();
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> Files.readString(file));
        assertThat(rule.isMet()).isTrue();
        assertThat(Files.readString(file)).isEqualTo("content");
        assertThat(rule.matched()).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.injectAt(0, Fault.fullDisk(), Call.any()))
                .withMessageContaining("0");
    }

    @Test
    void rulesLookAtPathAndTarget() throws IOException {
        faults.inject(Fault.accessDenied(), Call.about("wanted"));
        Files.createFile(root.resolve("other"));
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> Files.createFile(root.resolve("wanted")));
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> Files.move(root.resolve("other"), root.resolve("wanted")));
    }

    @Test
    void shortTransfersMoveNoMoreThanTheyMay() throws IOException {
        faults.inject(Fault.shortTransfer(3), Call.of(Operation.READ, Operation.WRITE));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(7);
            assertThat(channel.read(buffer, 0)).isEqualTo(3);
            assertThat(buffer.position()).isEqualTo(3);
            assertThat(buffer.limit()).isEqualTo(7);
            assertThat(channel.read(buffer, 3)).isEqualTo(3);
            assertThat(channel.write(ByteBuffer.wrap("CONTENT".getBytes()), 0)).isEqualTo(3);
        }
        assertThat(directory.resolve("file")).hasContent("CONtent");
        assertThat(Files.readString(file)).isEqualTo("CONtent");
    }

    @Test
    void truncatedFileEndsEarlyForReaders() throws IOException {
        faults.inject(Fault.truncated(4), Call.about("file"));
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(7);
            assertThat(channel.read(buffer)).isEqualTo(4);
            assertThat(channel.read(buffer)).isEqualTo(-1);
        }
        assertThat(directory.resolve("file")).hasContent("content");
    }

    @Test
    void flippedBitIsSeenWhereItIsHoweverItIsRead() throws IOException {
        faults.inject(Fault.flipped(2), Call.about("file"));
        assertThat(Files.readString(file)).isEqualTo("cootent");
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 2);
            assertThat(one.get(0)).isEqualTo((byte) 'o');
            channel.read(one.clear(), 3);
            assertThat(one.get(0)).isEqualTo((byte) 't');
        }
        assertThat(directory.resolve("file")).hasContent("content");
    }

    @Test
    void transfersBetweenChannelsMeetFaults() throws IOException {
        Path copy = root.resolve("copy");
        try (FileChannel from = FileChannel.open(file);
                FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(from.transferTo(0, 7, to)).isEqualTo(7);
            assertThat(to.transferFrom(Channels.newChannel(Files.newInputStream(file)), 7, 100))
                    .isEqualTo(7);
            faults.inject(Fault.fullDisk(), Call.of(Operation.WRITE));
            assertThatIOException().isThrownBy(() -> from.transferTo(0, 7, to)).withMessageContaining("No space");
            assertThatIOException()
                    .isThrownBy(() -> to.transferFrom(from, 0, 7))
                    .withMessageContaining("No space");
        }
        assertThat(directory.resolve("copy")).hasContent("contentcontent");
    }

    @Test
    void eachStepOfAListingCanFail() throws IOException {
        faults.injectAt(2, Fault.inputOutputError(), Call.of(Operation.LIST));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            assertThatExceptionOfType(DirectoryIteratorException.class)
                    .isThrownBy(() -> files.iterator().hasNext())
                    .withCauseInstanceOf(FileSystemException.class);
        }
    }

    @Test
    void closeThatFailsClosesNevertheless() throws IOException {
        FileChannel channel = FileChannel.open(file);
        faults.inject(Fault.inputOutputError(), Call.of(Operation.CLOSE));
        assertThatIOException().isThrownBy(channel::close);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void watcherKnowsWhereEachWriteGoes() throws IOException {
        List<Call> calls = new ArrayList<>();
        faults.inject(calls::add, Call.of(Operation.WRITE, Operation.FORCE, Operation.MOVE));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[3]), 2);
            channel.force(false);
        }
        Files.move(file, root.resolve("moved"));
        Path below = directory.resolve("file");
        assertThat(calls)
                .containsExactly(
                        new Call(Operation.WRITE, below, null, 2, 3),
                        new Call(Operation.FORCE, below, null, 0, 0),
                        new Call(Operation.MOVE, below, directory.resolve("moved"), 0, 0));
    }
}
