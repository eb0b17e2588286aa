package dev.larder.store.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What values are in a file of their own. Thread-safe.
 *
 * @param <V> the type of values
 */
interface Content<V> {

    /**
     * Writes a value to a new temporary file, which is gone if that fails. A file that was made to become a body stays where
     * it is, so that its owner has it still if what follows fails.
     *
     * @param associated what authenticates the value if it is encrypted: the line of the manifest so far
     */
    Written write(V value, Path temporary, Line associated) throws IOException;

    /** Reads a value, and checks as much of it as it reads. */
    V read(Path body, Manifest manifest) throws IOException;

    /** Gets rid of a body that no manifest names any more. Never fails. */
    void retire(Path body);

    /** A file that was written, its length in bytes and its CRC32C. */
    record Written(Path file, long size, int crc) {}
}
