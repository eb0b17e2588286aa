package dev.larder.store.log;

import java.io.IOException;

/** A file that is not what it should be; the message says why, and not which. */
final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;

    DamagedFileException(String what) {
        super(what);
        this.what = what;
    }

    String what() {
        return what;
    }
}
