package dev.larder.store.disk;

import java.io.IOException;

/** A file that was fetched and is not valid. It was deleted, and the next call fetches again. */
public final class InvalidPayloadException extends IOException {

    private static final long serialVersionUID = 1;

    InvalidPayloadException(String key, Throwable cause) {
        super("What was fetched for key '%s' is not valid: %s".formatted(key, cause.getMessage()), cause);
    }
}
