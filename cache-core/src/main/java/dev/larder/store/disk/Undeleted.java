package dev.larder.store.disk;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Entries that should have gone, but could not be removed because the disk failed: out of date, and hidden from readers of
 * this process until they can be removed or are written anew. Thread-safe.
 */
final class Undeleted {

    /** Not fewer: a disk that is broken for minutes should hide no more than it has to. Not more: each costs 200 bytes. */
    private static final int LIMIT = 10_000;

    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    private volatile boolean all;

    boolean hides(String id) {
        return all || (!ids.isEmpty() && ids.contains(id));
    }

    boolean contains(String id) {
        return ids.contains(id);
    }

    void add(String id) {
        ids.add(id);
        if (ids.size() > LIMIT) {
            all = true;
        }
    }

    void addAll() {
        all = true;
    }

    boolean isAll() {
        return all;
    }

    void remove(String id) {
        if (!ids.isEmpty()) {
            ids.remove(id);
        }
    }

    void removeAll() {
        ids.clear();
        all = false;
    }

    Set<String> ids() {
        return ids;
    }
}
