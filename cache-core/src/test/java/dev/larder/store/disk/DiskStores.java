package dev.larder.store.disk;

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

/** Stores of text for the contract, each in a new directory. */
final class DiskStores {

    private DiskStores() {}

    static Store<String, String> bytes(Path parent, Layout layout, InstantSource clock, Scheduler scheduler) {
        return SerializingStore.of(
                DiskStore.bytes(newDirectory(parent))
                        .layout(layout)
                        .maxEntries(10_000)
                        .clock(clock)
                        .scheduler(scheduler)
                        .build(),
                new Utf8Codec(),
                new Failures("text", clock));
    }

    static Store<String, String> files(Path parent, Layout layout, InstantSource clock, Scheduler scheduler) {
        return new PayloadTextStore(DiskStore.files(newDirectory(parent))
                .layout(layout)
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build());
    }

    static Path newDirectory(Path parent) {
        try {
            return Files.createTempDirectory(parent, "store");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
