package dev.larder.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that is a file, or becomes one: what stores of large values take in, streamed, and give back.
 *
 * <p>Immutable. One of a stream can be opened once.
 */
public final class Payload {

    private final Source source;

    private final @Nullable Path path;

    private Payload(Source source, @Nullable Path path) {
        this.source = source;
        this.path = path;
    }

    /** The content of a file. */
    public static Payload of(Path file) {
        Objects.requireNonNull(file, "file");
        return new Payload(() -> Files.newInputStream(file), file);
    }

    /** The content of a stream, which is opened when it is stored. */
    public static Payload of(Source source) {
        return new Payload(Objects.requireNonNull(source, "source"), null);
    }

    /** The content; to be closed by the caller. */
    public InputStream open() throws IOException {
        return source.open();
    }

    /** The file, if this is one. All that stores give back are. */
    public @Nullable Path path() {
        return path;
    }

    /** Opens a content. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }
}
