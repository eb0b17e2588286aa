package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries for a caller, to whom what cannot be read is a miss. Without a lock. Thread-safe.
 *
 * @param <V> the type of values
 */
final class Reads<V> {

    private final Bodies<V> bodies;

    private final Failures failures;

    Reads(Bodies<V> bodies, Failures failures) {
        this.bodies = bodies;
        this.failures = failures;
    }

    /** The entry at a place; null if there is none that can be read. */
    @Nullable
    Stored<V> read(Path place, Key key) {
        return read(place, place, key);
    }

    /**
     * The same.
     *
     * @param file where its manifest is now
     * @param place where it was written to
     */
    @Nullable
    Stored<V> read(Path file, Path place, Key key) {
        try {
            return bodies.read(file, place, key);
        } catch (NoSuchFileException ex) {
            return null;
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
            return null;
        }
    }
}
