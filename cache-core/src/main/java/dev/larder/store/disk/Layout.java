package dev.larder.store.disk;

import java.util.Locale;

/** Where the entries of a {@link DiskStore} are, and under which names. */
public enum Layout {

    /** A file for each entry, named by the SHA-256 of its key. */
    HASHED,

    /** A directory for each entry, named by its key, with the manifest and the body as files of their own. */
    FOLDER;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
