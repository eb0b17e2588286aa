package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.SEGMENT;
import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.contract.faults.FaultyFileSystem;
import dev.larder.store.contract.faults.PretendedDisk;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On what disks a store works, and how much of them it leaves to others. */
class LogStorePlaceTests {

    private final LogSetup setup = new LogSetup();

    private final FaultyFileSystem disk = new FaultyFileSystem(FileSystems.getDefault());

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph-fuse", "NFS"})
    void networkFileSystemIsRefused(String type) {
        disk.pretend(new PretendedDisk(type, () -> 1L << 40));
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> setup.open(disk.over(directory)))
                .withMessageContaining("network file system")
                .withMessageContainingAll(directory.toString(), "allow it");
        assertThat(directory.resolve("lock")).doesNotExist();
    }

    @Test
    void networkFileSystemIsUsedIfThatIsAllowed() {
        disk.pretend(new PretendedDisk("nfs4", () -> 1L << 40));
        try (LogStore store = setup.at(disk.over(directory)).allowNetwork(true).open()) {
            store.put("key", bytes("value"));
            assertThat(text(store.get("key"))).isEqualTo("value");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "apfs", "NTFS", "tmpfs", "overlay"})
    void localFileSystemIsUsed(String type) {
        disk.pretend(new PretendedDisk(type, () -> 1L << 40));
        setup.open(disk.over(directory)).close();
    }

    @Test
    void whatIsToBeLeftFreeIsLeftFree() {
        long size = 40L * SEGMENT;
        long minFree = 10L * SEGMENT;
        disk.pretend(new PretendedDisk("ext4", () -> size - Stores.bytes(directory)));
        try (LogStore store = setup.at(disk.over(directory))
                .minFree(minFree)
                .maxSize(1000L * SEGMENT)
                .open()) {
            int kept = 0;
            for (int i = 0; i < 600; i++) {
                store.put("key" + i, value(i, SEGMENT / 10));
                kept += store.get("key" + i) == null ? 0 : 1;
                assertThat(size - Stores.bytes(directory)).isGreaterThanOrEqualTo(minFree - 4096);
            }
            assertThat(kept).as("what was just written").isEqualTo(600);
            assertThat(Stores.bytes(directory)).as("all that may be used is").isGreaterThan(20L * SEGMENT);
            assertThat(store.stats().evicted()).isPositive();
        }
    }

    @Test
    void nothingIsWrittenWhileOthersNeedTheDiskAndItWorksAfterwards() {
        long[] free = {1L << 30};
        disk.pretend(new PretendedDisk("ext4", () -> free[0]));
        try (LogStore store = setup.at(disk.over(directory)).minFree(1L << 20).open()) {
            store.put("key", bytes("old"));
            free[0] = 0;
            for (int i = 0; i < 100; i++) {
                store.put("key", value(i, SEGMENT / 10));
            }
            assertThat(Stores.bytes(directory)).isLessThan(4L * SEGMENT);
            assertThat(text(store.get("key"))).isNotEqualTo("old");
            free[0] = 1L << 30;
            setup.clock.advance(Duration.ofSeconds(2));
            store.put("key", bytes("new"));
            assertThat(text(store.get("key"))).isEqualTo("new");
        }
    }
}
