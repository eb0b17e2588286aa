package dev.larder.codec;

import dev.larder.store.CodecException;
import dev.larder.store.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.springframework.cache.support.NullValue;
import org.springframework.core.io.Resource;

/**
 * Values that are files: what a codec is for stores of bytes. In go paths, files, resources, streams, payloads and null; out
 * come {@linkplain Payload payloads} and null.
 *
 * <p>All static, thread-safe.
 */
public final class FileCodec {

    /** The content of a null: nothing that a file would have by accident. */
    private static final byte[] NULL =
            "larder null 0d4a9f8e-51c7-4b1e-9a43-7c1be6f2a0d5".getBytes(StandardCharsets.US_ASCII);

    private FileCodec() {}

    /**
     * The content of a value. A stream can be read once, and is closed by who reads it.
     *
     * @throws CodecException if the value is nothing that has a content
     */
    public static Payload encode(Object value) {
        if (value instanceof NullValue) {
            return Payload.of(() -> new ByteArrayInputStream(NULL));
        }
        if (value instanceof Payload payload) {
            return payload;
        }
        if (value instanceof Payload.Source source) {
            return Payload.of(source);
        }
        if (value instanceof Path path) {
            return Payload.of(path);
        }
        if (value instanceof java.io.File file) {
            return Payload.of(file.toPath());
        }
        if (value instanceof Resource resource) {
            return Payload.of(resource::getInputStream);
        }
        if (value instanceof InputStream stream) {
            return Payload.of(() -> stream);
        }
        throw new CodecException(
                "A value of %s is not a file: return a Path, a Resource or an InputStream, or choose another codec"
                        .formatted(value.getClass().getTypeName()),
                value.getClass(),
                null);
    }

    /** The payload itself, for the cache to show it to callers as they like it, or Spring's {@code NullValue}. */
    public static Object decode(Payload payload) {
        try {
            return isNull(payload) ? NullValue.INSTANCE : payload;
        } catch (IOException ex) {
            throw new UncheckedIOException("A value that is a file cannot be read", ex);
        }
    }

    /** Looks at the content only where the size is right. */
    private static boolean isNull(Payload payload) throws IOException {
        Path path = payload.path();
        if (path == null || Files.size(path) != NULL.length) {
            return false;
        }
        try (InputStream content = payload.open()) {
            return Arrays.equals(content.readAllBytes(), NULL);
        }
    }
}
