package dev.larder.store.tool;

import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.disk.DiskStore;
import dev.larder.store.disk.Layout;
import dev.larder.store.log.LogStore;
import java.nio.file.Path;

/** The types of stores that have a directory. */
enum Kind {
    HASHED,
    FOLDER,
    LOG,
    LOGS;

    Store<String, byte[]> open(Path directory, ManualClock clock) {
        return open(directory, clock, 64L << 20);
    }

    Store<String, byte[]> open(Path directory, ManualClock clock, long maxSize) {
        ManualScheduler scheduler = new ManualScheduler();
        Failures failures = new Failures("test", clock);
        if (this == HASHED || this == FOLDER) {
            return DiskStore.bytes(directory)
                    .layout(this == HASHED ? Layout.HASHED : Layout.FOLDER)
                    .codec("json")
                    .maxSize(maxSize)
                    .clock(clock)
                    .scheduler(scheduler)
                    .failures(failures)
                    .build();
        }
        return LogStore.at(directory)
                .maxSize(maxSize)
                .segmentSize(1 << 16)
                .shards(this == LOG ? 1 : 4)
                .clock(clock)
                .scheduler(scheduler)
                .failures(failures)
                .open();
    }
}
