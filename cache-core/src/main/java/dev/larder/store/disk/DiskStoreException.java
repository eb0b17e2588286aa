package dev.larder.store.disk;

import java.nio.file.Path;

/** A directory that a {@link DiskStore} cannot use; the message says why, and what to do about it. */
public final class DiskStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String directory;

    DiskStoreException(Path directory, String reason, String remedy, Throwable cause) {
        super("Cannot keep a cache in directory '%s': %s. %s".formatted(directory, reason, remedy), cause);
        this.directory = directory.toString();
    }

    /** The directory that cannot be used. */
    public String directory() {
        return directory;
    }
}
