package dev.larder.store.lru;

import dev.larder.store.Entry;
import org.jspecify.annotations.Nullable;

/** The node of an entry that has a weight, an etag, or is kept longer than it is fresh. */
final class DetailedNode<K, V> extends Node<K, V> {

    private long keptUntil;

    private @Nullable String etag;

    private int weight;

    DetailedNode(K key, int hash, Entry<V> entry, int weight) {
        super(key, hash, entry);
        this.keptUntil = entry.keptUntil();
        this.etag = entry.etag();
        this.weight = weight;
    }

    @Override
    long keptUntil() {
        return keptUntil;
    }

    @Override
    @Nullable
    String etag() {
        return etag;
    }

    @Override
    int weight() {
        return weight;
    }

    @Override
    boolean hasRoomFor(Node<K, V> other) {
        return true;
    }

    @Override
    void takeDetails(Node<K, V> other) {
        keptUntil = other.keptUntil();
        etag = other.etag();
        weight = other.weight();
    }
}
