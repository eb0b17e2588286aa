package dev.larder.store.disk;

import dev.larder.store.Entry;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an entry is made of files. Thread-safe; locks nothing.
 *
 * @param <V> the type of values
 */
interface Bodies<V> {

    /**
     * Reads an entry.
     *
     * @param file the manifest, which may have been moved away from its place
     * @param place where the manifest is, or was
     * @return null if it is not one for this store: of another codec, or encrypted otherwise
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws DamagedEntryException if it is not what was written
     */
    @Nullable
    Stored<V> read(Path file, Path place, Key key) throws IOException;

    /**
     * Writes an entry, up to the last step: its manifest is a temporary file beside its place.
     *
     * @param created in milliseconds since the epoch
     */
    Prepared prepare(Key key, Path place, Entry<V> entry, long created) throws IOException;

    /** Gets rid of what was prepared and is not wanted any more. Never fails. */
    void abandon(Prepared prepared);

    /** Gets rid of the body of an entry that was replaced or removed. Never fails; the sweep finds what is left. */
    void retire(Manifest manifest, Path place);

    /**
     * An entry that is written, but not in its place.
     *
     * @param body the file that is its body, if it is one
     * @param bytes how much of the disk it takes
     */
    record Prepared(Path manifest, @Nullable Path body, long bytes) {}
}
