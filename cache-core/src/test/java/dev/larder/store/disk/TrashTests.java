package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrashTests {

    @TempDir
    private Path directory;

    private final Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);

    private final Failures failures = new Failures("test", new ManualClock());

    @Test
    void thrownDirectoryIsGoneAtOnceAndDeletedBitByBit() throws IOException {
        Path entries = fill("entries", 10);
        Trash trash = open();
        trash.throwAway(entries);
        assertThat(entries).doesNotExist();
        trash.empty(new Pace(5));
        assertThat(Directories.list(directory.resolve("trash"))).hasSize(1);
        for (int i = 0; i < 10; i++) {
            trash.empty(new Pace(5));
        }
        assertThat(Directories.list(directory.resolve("trash"))).isEmpty();
        assertThat(failures.count()).isZero();
    }

    @Test
    void throwingAwayNothingSaysSo() throws IOException {
        assertThat(open().take(directory.resolve("entries"))).isNull();
    }

    @Test
    void whatIsTakenStaysUntilItIsReleased() throws IOException {
        Trash trash = open();
        Path taken = Objects.requireNonNull(trash.take(fill("entries", 3)));
        trash.empty(Pace.usual());
        assertThat(Directories.list(taken)).hasSize(3);
        trash.release(taken);
        trash.empty(Pace.usual());
        assertThat(taken).doesNotExist();
    }

    @Test
    void whatCannotBeDeletedKeepsNothingElse() throws IOException {
        FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());
        Trash trash = new Trash(fileSystem.over(directory.resolve("trash")), disk, failures);
        for (int i = 0; i < 3; i++) {
            trash.throwAway(fileSystem.over(fill("entries" + i, 3)));
        }
        Path first = Directories.list(directory.resolve("trash")).get(0);
        fileSystem
                .faults()
                .inject(
                        Fault.accessDenied(),
                        Call.of(Operation.DELETE)
                                .and(Call.about(first.getFileName().toString())));
        trash.empty(Pace.usual());
        assertThat(Directories.list(directory.resolve("trash"))).containsExactly(first);
        assertThat(failures.counts()).containsKey("delete");
        fileSystem.faults().clear();
        trash.empty(Pace.usual());
        assertThat(first).doesNotExist();
    }

    /** It may be counting what it threw away. */
    @Test
    void whatAnotherLivingProcessThrewAwayStays() throws IOException {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        String name = Writer.temporaryName()
                .replace(Writer.self().text(), new Writer(Writer.self().host(), parent, 0).text());
        Files.createDirectories(directory.resolve("trash"));
        fill("trash/" + name, 3);
        open().empty(Pace.usual());
        assertThat(Directories.list(directory.resolve("trash").resolve(name))).hasSize(3);
    }

    @Test
    void whatADeadProcessThrewAwayIsDeleted() throws IOException {
        Files.createDirectories(directory.resolve("trash"));
        fill("trash/1", 3);
        open().empty(Pace.usual());
        assertThat(Directories.list(directory.resolve("trash"))).isEmpty();
    }

    @Test
    void whatALinkPointsToStays() throws IOException {
        Path kept = fill("kept", 3);
        Files.createDirectories(directory.resolve("trash/1"));
        Files.createSymbolicLink(directory.resolve("trash/1").resolve("a".repeat(64)), kept);
        Files.createSymbolicLink(directory.resolve("trash").resolve("b".repeat(64)), kept);
        open().empty(Pace.usual());
        assertThat(Directories.list(directory.resolve("trash"))).isEmpty();
        assertThat(Directories.list(kept)).hasSize(3);
    }

    @Test
    void filesOfOthersStay() throws IOException {
        Path entries = fill("entries", 3);
        Files.writeString(entries.resolve("notes.txt"), "mine");
        Trash trash = open();
        Path thrown = Objects.requireNonNull(trash.take(entries));
        trash.release(thrown);
        trash.empty(Pace.usual());
        assertThat(Directories.list(thrown)).containsExactly(thrown.resolve("notes.txt"));
        assertThat(thrown.resolve("notes.txt")).hasContent("mine");
    }

    private Trash open() {
        return new Trash(directory.resolve("trash"), disk, failures);
    }

    private Path fill(String name, int files) throws IOException {
        Path path = Files.createDirectories(directory.resolve(name));
        for (int i = 0; i < files; i++) {
            Files.createFile(path.resolve("%064x".formatted(i)));
        }
        return path;
    }
}
