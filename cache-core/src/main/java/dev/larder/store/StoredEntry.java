package dev.larder.store;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is on disk. Immutable.
 *
 * @param created when it was written, in milliseconds since the epoch; null if the format does not keep that
 * @param freshUntil as in {@link Entry#freshUntil}
 * @param keptUntil as in {@link Entry#keptUntil}
 * @param size the length of the body, in bytes, as it is stored
 * @param bytes what the entry takes in files, its key and the rest included
 * @param codec what made the body from the value; null if the format does not keep that
 * @param isEncrypted whether the body is, or, if the format does not keep that, looks like it
 * @param where the file, relative to the directory, and the offset in it if there is more than one entry in it
 */
public record StoredEntry(
        String key,
        @Nullable Long created,
        long freshUntil,
        long keptUntil,
        @Nullable String etag,
        long size,
        long bytes,
        @Nullable String codec,
        boolean isEncrypted,
        String where,
        Body body) {

    /** The bytes that a codec made of a value, compressed and encrypted if the store does that. */
    @FunctionalInterface
    public interface Body {

        /**
         * Reads it now, all of it before the first byte is written unless it is a file of its own.
         *
         * @throws java.nio.file.NoSuchFileException if it is gone
         * @throws IOException if it cannot be read, or is damaged
         */
        void writeTo(OutputStream target) throws IOException;
    }
}
