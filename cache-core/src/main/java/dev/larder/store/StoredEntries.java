package dev.larder.store;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in the directory of a store on disk, for those who look at it from outside. The store may be open, here or in another
 * process: nothing is locked, written, deleted or counted as a use. So what changes meanwhile may be seen or not.
 *
 * <p>Thread-safe.
 */
public interface StoredEntries {

    /** What there is to say about the whole, by names, in an order that people read. */
    Map<String, String> describe() throws IOException;

    /**
     * Shows all entries, in no order, those that are no longer kept but still on disk included, and what is damaged.
     *
     * @param whole whether to check all that has a checksum, bodies and what was replaced included; else only what has to be
     *     read in order to tell which entries there are
     */
    void read(boolean whole, Visitor visitor) throws IOException;

    /** The entry of a key, whatever its life; null if there is none or it is damaged. */
    @Nullable
    StoredEntry find(String key) throws IOException;

    /** Gets to know what is there. */
    interface Visitor {

        /** An entry. */
        void entry(StoredEntry entry);

        /**
         * Something that is not as it was written. A store treats it as missing, and may, when it opens, give up more: whatever
         * the damaged part may have replaced.
         *
         * @param where the file, relative to the directory, and the offset in it if that helps
         */
        void damaged(String where, String what);
    }
}
