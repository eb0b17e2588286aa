package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in the configuration of caches of type sharded, and what the application prints when it does not start for them. */
class ShardedFailureAnalysisTests extends FailureReports {

    @ParameterizedTest
    @CsvSource({
        "shards, 4",
        "segment-size, 4MB",
        "on-locked, fail",
        "lock-wait, 5s",
        "min-free, 1GB",
        "max-open, 10",
        "open-at-start, true",
        "allow-network, true",
    })
    void settingForShardedOnlyIsRefusedElsewhere(String name, String value) {
        assertThat(report("larder.caches.quotes.%s: %s".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("Value: \"" + value + "\"")
                .contains("it does not apply to a cache of type lru, which is in heap")
                .contains("Remove it, or set larder.caches.quotes.type to sharded.");
        assertThat(report("larder.caches.quotes: { type: disk, %s: %s }".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("it does not apply to a cache of type disk");
    }

    @ParameterizedTest
    @CsvSource({
        "layout, folder, ''",
        "payload-grace, 5m, ''",
        "load-wait, 5s, ''",
        "max-entries, 100, ', which is bounded by its bytes'",
    })
    void settingOfOtherTypesIsRefused(String name, String value, String why) {
        assertThat(report("larder.caches.quotes: { type: sharded, %s: %s }".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("it does not apply to a cache of type sharded" + why)
                .contains("Remove it, or set larder.caches.quotes.type to disk.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shards: 0            | shards       | it must be from 1 to 256",
                "shards: 257          | shards       | it must be from 1 to 256",
                "max-open: 0          | max-open     | it must be 1 or more",
                "min-free: -1B        | min-free     | no disk has less than nothing left",
                "lock-wait: 0s        | lock-wait    | it must be a millisecond or longer",
                "segment-size: 1KB    | segment-size | it must be from 64KB to 1GB",
                "segment-size: 2GB    | segment-size | it must be from 64KB to 1GB",
                "segment-size: 100MB  | segment-size | each of 4 shards has room for fewer than 4 files of it",
                "max-size: 255KB      | max-size     | it has no room for 4 files of 64KB",
                "max-size: 512        | max-size     | it has no room for 4 files of 64KB",
                "codec: file          | codec        | a cache of type sharded keeps no files",
                "weigher: w           | weigher      | the size of an entry on disk is that of its files",
            })
    void settingThatCannotWorkIsRefused(String setting, String name, String reason) {
        assertThat(report("larder.caches.quotes: { type: sharded, %s }".formatted(setting)))
                .contains("Property: larder.caches.quotes." + name)
                .contains(reason);
    }

    @Test
    void moreShardsThanTheSizeHasRoomForAreRefused() {
        assertThat(report("larder.defaults: { type: sharded, max-size: 1MB, shards: 5 }"))
                .contains("Property: larder.defaults.max-size")
                .contains("it has no room for 4 files of 64KB in each of 5 shards")
                .contains("Raise it to 1280KB or more, or lower larder.defaults.shards.");
    }

    @Test
    void waitForALockThatNobodyWaitsForIsRefused() {
        assertThat(report("larder.caches.quotes: { type: sharded, on-locked: fail, lock-wait: 1s }"))
                .contains("Property: larder.caches.quotes.lock-wait")
                .contains("nobody waits")
                .contains("Remove it, or set larder.caches.quotes.on-locked to wait.");
    }

    @Test
    void intervalIsRefusedForDisk() {
        assertThat(report("larder.caches.quotes: { type: disk, durability: interval }"))
                .contains("Property: larder.caches.quotes.durability")
                .contains("Value: \"interval\"")
                .contains("Set it to process or always, or set larder.caches.quotes.type to sharded.");
    }

    @Test
    void fileInTheWayOfTheDirectoryIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("larder"));

        assertThat(report("larder: { directory: %s, caches: { quotes: { type: sharded } } }".formatted(file)))
                .contains("Property: larder.directory")
                .contains("'%s' is a file".formatted(file))
                .contains("Move the file away, or configure another directory.");
    }
}
