package dev.larder.benchmarks;

import java.nio.file.Path;

/** All caches on disk that are measured in one process, by the name they have on the command line and in the tables. */
public enum DiskContestants {
    LARDER,
    LARDER_CACHE,
    /** The limit: what the file system takes, without any of what makes a cache. */
    BARE;

    /** More than any workload puts, and as many as two digits of the hash are used for, as in {@link BareFiles}. */
    static final int BOUND = 250_000;

    /** Opens what is in a directory. */
    DiskContestant open(Path directory) {
        return switch (this) {
            case LARDER -> new LarderDisk(directory, BOUND);
            case LARDER_CACHE -> new LarderCacheDisk(directory, BOUND);
            case BARE -> new BareFiles(directory);
        };
    }
}
