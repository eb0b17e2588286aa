package dev.larder.store.tool;

import dev.larder.store.Entry;
import dev.larder.store.StoredEntry;
import java.util.Locale;

/** What a store would make of an entry now. */
enum Life {

    /** A read gets it. */
    FRESH,

    /** A read misses; whoever loads it can ask whether it has changed. */
    STALE,

    /** It is as if it were not there. */
    EXPIRED;

    static Life of(StoredEntry entry, long now) {
        if (isFuture(entry.freshUntil(), now)) {
            return FRESH;
        }
        return isFuture(entry.keptUntil(), now) ? STALE : EXPIRED;
    }

    private static boolean isFuture(long instant, long now) {
        return instant == Entry.FOREVER || now < instant;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
