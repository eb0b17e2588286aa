package dev.larder.store;

import org.jspecify.annotations.Nullable;

/** A value that cannot be encoded, or bytes that cannot be decoded. */
public class CodecException extends RuntimeException {

    /** An exception with a message that names the type of the value, and its cause, if any. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
