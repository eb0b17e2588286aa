package dev.larder.store;

/**
 * Turns keys into text for stores that keep them outside of the heap.
 *
 * <p>Thread-safe. Injective: two keys have the same text if and only if they are equal. The text stays the same from one
 * run and release to the next, and holds whatever is needed to keep it so.
 *
 * @param <K> the type of keys
 */
@FunctionalInterface
public interface KeyCodec<K> {

    /**
     * The text of a key.
     *
     * @throws CodecException if keys of its class cannot be encoded
     */
    String encode(K key);
}
