package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import dev.larder.store.contract.JavaChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a process that was killed leaves behind: everything that was acknowledged, and nothing else for long.
 *
 * <p>{@code -Dlarder.kill.rounds=100} kills more of them.
 */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskKillTests {

    private static final int ROUNDS = Integer.getInteger("larder.kill.rounds", 6);

    private static final int REGISTERS = 16;

    @TempDir
    private Path parent;

    private JavaChild child(Shape shape) throws IOException {
        return new JavaChild(
                List.of(),
                DiskChild.class,
                shape.name(),
                directory().toString(),
                parent.resolve("registers").toString(),
                String.valueOf(REGISTERS),
                "0",
                "1",
                "0");
    }

    private Path directory() {
        return parent.resolve("cache");
    }

    @ParameterizedTest
    @EnumSource(names = Shape.ENCRYPTED, mode = EnumSource.Mode.MATCH_NONE)
    void acknowledgedWritesSurviveKillsAndTheRestIsSwept(Shape shape) throws Exception {
        Registers registers = new Registers(parent.resolve("registers"), REGISTERS);
        Random random = new Random(9);
        Setup setup = new Setup();
        try (Store<String, String> store = shape.open(directory(), setup)) {
            JavaChild next = child(shape);
            for (int round = 0; round < ROUNDS; round++) {
                try (JavaChild child = next) {
                    next = child(shape);
                    assertThat(child.answer()).isEqualTo("ready");
                    child.tell("forever " + random.nextInt(200));
                    assertThat(child.answer()).as("round %d", round).isEqualTo("there");
                    child.kill();
                } catch (IOException | RuntimeException | AssertionError ex) {
                    next.close();
                    throw ex;
                }
                checkRegisters(registers, store, shape);
                checkLease(store);
            }
            next.kill();
            setup.sweep();
            checkFiles(registers, store, shape);
        }
    }

    /** Another store looks, as a process does that starts after the crash; then each register has a known state again. */
    private void checkRegisters(Registers registers, Store<String, String> store, Shape shape) {
        try (Store<String, String> fresh = shape.open(directory(), new Setup())) {
            for (int key = 0; key < REGISTERS; key++) {
                registers.check(fresh, key);
                registers.check(store, key);
                registers.settle(store, key);
                registers.check(fresh, key);
            }
        }
    }

    private static void checkLease(Store<String, String> store) {
        try (LoadLease lease = store.tryBeginLoad("lease")) {
            assertThat(lease).as("the lease of a process that was killed").isNotNull();
        }
    }

    private void checkFiles(Registers registers, Store<String, String> store, Shape shape) throws IOException {
        long present = 0;
        for (int key = 0; key < REGISTERS; key++) {
            registers.check(store, key);
            present += registers.acknowledged(key).isPut() ? 1 : 0;
        }
        assertThat(store.size()).isEqualTo(present);
        List<Path> entries = Listing.files(directory().resolve("entries"));
        assertThat(entries).as("files of entries").hasSize((int) present * shape.filesPerEntry());
        assertThat(Listing.all(directory()))
                .noneMatch(path -> path.getFileName().toString().startsWith(Writer.TEMPORARY));
        // Its own, for the background work.
        assertThat(Listing.files(directory().resolve("locks"))).hasSizeLessThanOrEqualTo(1);
        assertThat(Files.exists(directory().resolve("store.json"))).isTrue();
    }
}
