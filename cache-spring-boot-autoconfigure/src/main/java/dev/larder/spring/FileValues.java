package dev.larder.spring;

import dev.larder.store.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * What callers get of a cache whose values are files.
 *
 * <p>What they may put is any of a {@link Path}, a {@code java.io.File}, a {@link Resource}, an {@link InputStream} and a
 * {@link Payload}. Streams are read when they are put, and closed. Thread-safe.
 */
public enum FileValues implements ValueForm {

    /** The stored file. It is not to be changed, and is there for a while after it was replaced or removed. */
    PATH {
        @Override
        Object view(Path file) {
            return file;
        }
    },

    /** A {@link FileSystemResource} of the stored file. */
    RESOURCE {
        @Override
        Object view(Path file) {
            return new FileSystemResource(file);
        }
    },

    /** A stream of the stored file for each caller, who closes it. */
    STREAM {
        @Override
        Object view(Path file) throws IOException {
            return Files.newInputStream(file);
        }
    };

    abstract Object view(Path file) throws IOException;

    @Override
    public Object stored(Object value) {
        try {
            if (value instanceof InputStream stream) {
                return Spool.of(stream);
            }
            if (value instanceof Resource resource && resource.isOpen()) {
                return Spool.of(resource.getInputStream());
            }
        } catch (IOException ex) {
            throw new UncheckedIOException("The stream of a value broke off", ex);
        }
        return value;
    }

    /** What a store did not take is given as it would have been. */
    @Override
    public Object restored(Object stored) {
        try {
            if (stored instanceof Spool spool) {
                return this == STREAM ? spool.open() : view(copy(spool));
            }
            Path file = pathOf(stored);
            return file == null ? stored : view(file);
        } catch (IOException ex) {
            throw new UncheckedIOException("A value that is a file cannot be read", ex);
        }
    }

    @Override
    public boolean isReadBack() {
        return true;
    }

    @Override
    public void release(Object stored) {
        if (stored instanceof Spool spool) {
            spool.close();
        }
    }

    private static @Nullable Path pathOf(Object stored) throws IOException {
        if (stored instanceof Payload payload) {
            return payload.path();
        }
        if (stored instanceof Resource resource) {
            return resource.isFile() ? resource.getFilePath() : null;
        }
        if (stored instanceof java.io.File file) {
            return file.toPath();
        }
        return stored instanceof Path path ? path : null;
    }

    private static Path copy(Spool spool) throws IOException {
        Path file = Files.createTempFile("larder-", ".payload");
        try (InputStream in = spool.open()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
