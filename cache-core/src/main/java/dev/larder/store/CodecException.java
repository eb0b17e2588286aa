package dev.larder.store;

import org.jspecify.annotations.Nullable;

/** A key or value that cannot be encoded, or bytes that cannot be decoded. */
public class CodecException extends RuntimeException {

    private final transient @Nullable Class<?> type;

    /** An exception about bytes that cannot be decoded, or about a value that the message names the type of. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = null;
    }

    /** An exception about a key or value of a type that cannot be encoded; the message says what can be done. */
    public CodecException(String message, Class<?> type, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    /** The type that cannot be encoded, if it is known. */
    public @Nullable Class<?> type() {
        return type;
    }
}
