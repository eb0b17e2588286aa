package dev.larder.store.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not the entry which it should be. */
final class DamagedEntryException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;

    DamagedEntryException(Path file, String what) {
        super("%s in '%s'; the entry is a miss until it is written again".formatted(what, file));
        this.what = what;
    }

    DamagedEntryException(Path file, String what, Throwable cause) {
        this(file, what);
        initCause(cause);
    }

    /** Without the file. */
    String what() {
        return what;
    }
}
