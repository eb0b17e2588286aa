package dev.larder.codec;

import dev.larder.store.CodecException;
import dev.larder.store.Payload;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Path;
import org.springframework.core.io.Resource;

/** Values that are files: a {@link Path} out, and a path, file, resource, stream or {@link Payload} in. Thread-safe. */
public final class FileCodec {

    private FileCodec() {}

    /** The content of a value. A stream can be read once, and is closed by who reads it. */
    public static Payload encode(Object value) {
        if (value instanceof Payload payload) {
            return payload;
        }
        if (value instanceof Path path) {
            return Payload.of(path);
        }
        if (value instanceof File file) {
            return Payload.of(file.toPath());
        }
        if (value instanceof Resource resource) {
            return Payload.of(resource::getInputStream);
        }
        if (value instanceof InputStream stream) {
            return Payload.of(() -> stream);
        }
        throw new CodecException(
                "The codec file takes a Path, File, Resource or InputStream, not a %s: use the codec json"
                        .formatted(value.getClass().getName()),
                value.getClass(),
                null);
    }

    /** The path of a stored file. */
    public static Object decode(Payload payload) {
        Path path = payload.path();
        if (path == null) {
            throw new CodecException("A stored value is not a file", null);
        }
        return path;
    }
}
