package dev.larder.store.disk;

import dev.larder.store.Entry;

/** An entry that was read. */
record Stored<V>(Manifest manifest, V value) {

    Entry<V> entry() {
        return new Entry<>(value, manifest.freshUntil(), manifest.keptUntil(), manifest.etag());
    }
}
