package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.JavaChild;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes that want one directory. */
@Timeout(60)
class LogStoreProcessTests {

    @TempDir
    private Path directory;

    private JavaChild start(OnLocked onLocked) throws IOException {
        JavaChild child = new JavaChild(List.of(), LogChild.class, directory.toString(), onLocked.name(), "50");
        assertThat(child.answer()).isEqualTo("started");
        return child;
    }

    private static void obey(JavaChild child, String command, String answer) throws IOException {
        child.tell(command);
        assertThat(child.answer()).isEqualTo(answer);
    }

    @Test
    void secondProcessFailsAndNamesTheFirst() throws IOException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            try (JavaChild second = start(OnLocked.FAIL)) {
                assertThat(second.answer())
                        .contains(directory.toString())
                        .contains("\"pid\":" + first.pid())
                        .containsPattern("\"host\":\"[A-Za-z0-9._-]+\"")
                        .contains("Stop that process");
                assertThat(second.answer()).isEqualTo("end");
            }
            obey(first, "put k v", "done");
            obey(first, "get k", "v");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitingProcessGetsWhatTheFirstLeaves(boolean isKilled) throws IOException, InterruptedException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            obey(first, "put k v", "done");
            try (JavaChild second = start(OnLocked.WAIT)) {
                if (isKilled) {
                    first.kill();
                } else {
                    obey(first, "close", "end");
                }
                assertThat(second.answer()).isEqualTo("open");
                obey(second, "get k", "v");
            }
        }
    }

    @Test
    void privateDirectoryBelongsToOneProcess() throws IOException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            obey(first, "put k first", "done");
            try (JavaChild second = start(OnLocked.PRIVATE);
                    JavaChild third = start(OnLocked.PRIVATE)) {
                assertThat(second.answer()).isEqualTo("open");
                assertThat(third.answer()).isEqualTo("open");
                obey(second, "get k", "null");
                obey(second, "put k second", "done");
                obey(third, "get k", "null");
                obey(third, "put k third", "done");
                obey(first, "get k", "first");
                obey(second, "get k", "second");
                obey(third, "get k", "third");
                assertThat(Directories.list(directory.resolve("private"))).hasSize(2);
                obey(second, "close", "end");
                obey(third, "close", "end");
            }
            assertThat(Directories.list(directory.resolve("private"))).isEmpty();
            obey(first, "get k", "first");
        }
    }

    @Test
    void whatAKilledProcessHadPrivatelyIsDeletedByTheNext() throws IOException, InterruptedException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            try (JavaChild second = start(OnLocked.PRIVATE)) {
                assertThat(second.answer()).isEqualTo("open");
                second.kill();
            }
            assertThat(Directories.list(directory.resolve("private"))).hasSize(1);
            try (JavaChild third = start(OnLocked.PRIVATE)) {
                assertThat(third.answer()).isEqualTo("open");
                assertThat(Directories.list(directory.resolve("private"))).hasSize(1);
                obey(third, "close", "end");
            }
            assertThat(Directories.list(directory.resolve("private"))).isEmpty();
        }
    }

    /** As the classes of another class loader do, which do not know of the store. */
    @Test
    void attemptInTheSameProcessDoesNotGiveTheDirectoryAway() throws IOException, InterruptedException {
        try (LogStore store = LogStore.at(directory).open()) {
            assertThat(Owner.acquire(directory, Duration.ZERO)).isNull();
            assertThat(Owner.holder(directory))
                    .contains("\"pid\":" + ProcessHandle.current().pid());
            assertThat(Owner.acquire(directory, Duration.ZERO)).isNull();
            try (JavaChild other = start(OnLocked.FAIL)) {
                assertThat(other.answer()).contains("another process has it");
            }
            assertThat(store.get("k")).isNull();
        }
        try (JavaChild other = start(OnLocked.FAIL)) {
            assertThat(other.answer()).isEqualTo("open");
            assertThat(Owner.acquire(directory, Duration.ZERO)).isNull();
            other.kill();
        }
        try (Owner owner = Owner.acquire(directory, Duration.ZERO)) {
            assertThat(owner).isNotNull();
        }
    }

    @Test
    void storesOfOneProcessShareItsPrivateDirectory() throws IOException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            LogStore.Builder builder = LogStore.at(directory).onLocked(OnLocked.PRIVATE);
            try (LogStore one = builder.open();
                    LogStore other = builder.open()) {
                one.put("k", LogSetup.bytes("v"));
                assertThat(LogSetup.text(other.get("k"))).isEqualTo("v");
                other.close();
                assertThat(LogSetup.text(one.get("k"))).isEqualTo("v");
            }
            assertThat(Directories.list(directory.resolve("private"))).isEmpty();
        }
    }

    @Test
    void whatAKilledProcessHadPrivatelyIsDeletedByTheNextOwner() throws IOException, InterruptedException {
        try (JavaChild first = start(OnLocked.FAIL)) {
            assertThat(first.answer()).isEqualTo("open");
            try (JavaChild second = start(OnLocked.PRIVATE)) {
                assertThat(second.answer()).isEqualTo("open");
                obey(second, "put k second", "done");
                second.kill();
            }
            first.kill();
        }
        try (LogStore store = LogStore.at(directory).open()) {
            assertThat(Directories.list(directory.resolve("private"))).isEmpty();
        }
    }
}
