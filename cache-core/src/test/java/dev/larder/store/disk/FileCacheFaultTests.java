package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Payload;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.Faults;
import dev.larder.store.contract.faults.FaultyFileSystem;
import dev.larder.store.disk.FileCache.Validator;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a file that was fetched when it cannot be kept: its caller has it all the same. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FileCacheFaultTests {

    /** More calls than it takes to put a file. */
    private static final int MANY_CALLS = 500;

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final Faults faults = fileSystem.faults();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fetchedFileIsItsCallersForAWhileWhicheverCallFails(boolean afterwards) throws IOException {
        Fault error = Fault.inputOutputError();
        for (int nth = 1; nth < MANY_CALLS; nth++) {
            Faults.Rule rule = fetch(nth, afterwards ? Fault.afterwards(error) : error);
            if (!rule.isMet()) {
                assertThat(nth).as("calls that failed").isGreaterThan(10);
                return;
            }
        }
        throw new AssertionError("A put makes too many calls");
    }

    /** Fetches a file, after which the nth call fails. */
    private Faults.Rule fetch(int nth, Fault fault) throws IOException {
        Path below = directory.resolve("fetch" + nth);
        Setup setup = new Setup();
        Faults.Rule[] rule = new Faults.Rule[1];
        try (DiskStore<Payload> store =
                setup.apply(DiskStore.files(fileSystem.over(below))).build()) {
            Path file = FileCache.over(store)
                    .getOrFetch(
                            "key",
                            (key, target) -> {
                                Files.writeString(target, "content");
                                rule[0] = faults.injectAt(nth, fault, Call.any());
                            },
                            Validator.NONE);
            faults.clear();
            assertThat(fileSystem.below(file))
                    .as("after call %d failed", nth)
                    .isRegularFile()
                    .hasContent("content");
            store.remove("key");
            setup.sweep();
            assertThat(Listing.files(below.resolve("entries")))
                    .as("left after call %d failed", nth)
                    .isEmpty();
        }
        return rule[0];
    }

    /** Many tools give what they fetch the time that its source tells. */
    @Test
    void oldFileIsNotSweptBeforeItsManifestIsThere() throws IOException {
        Setup setup = new Setup();
        try (DiskStore<Payload> store =
                setup.apply(DiskStore.files(fileSystem.over(directory))).build()) {
            Faults.Rule manifest = faults.injectAt(
                    1,
                    call -> setup.scheduler.runAll(),
                    call -> call.operation() == Operation.MOVE
                            && call.target() != null
                            && Key.of("key")
                                    .hash()
                                    .equals(String.valueOf(call.target().getFileName())));
            Path file = FileCache.over(store)
                    .getOrFetch(
                            "key",
                            (key, target) -> {
                                Files.writeString(target, "content");
                                Files.setLastModifiedTime(target, FileTime.fromMillis(0));
                            },
                            Validator.NONE);
            assertThat(manifest.isMet()).isTrue();
            assertThat(fileSystem.below(file)).hasContent("content");
            assertThat(store.contains("key")).isTrue();
        }
    }
}
