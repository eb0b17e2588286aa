package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.Scheduler;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.Utf8Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Stores of text for the contract, each in a new directory, and what the tests do with directories. */
final class Stores {

    private Stores() {}

    static Store<String, String> open(Path parent, int shards, InstantSource clock, Scheduler scheduler) {
        return SerializingStore.of(
                LogStore.at(newDirectory(parent))
                        .shards(shards)
                        .segmentSize(1 << 20)
                        .clock(clock)
                        .scheduler(scheduler)
                        .open(),
                new Utf8Codec(),
                new Failures("text", clock));
    }

    static Path newDirectory(Path parent) {
        try {
            return Files.createTempDirectory(parent, "store");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** What a process would leave that was killed now. */
    static Path copy(Path directory, Path parent) {
        Path copy = newDirectory(parent);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return copy;
    }

    /** The lengths of all files. */
    static long bytes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
