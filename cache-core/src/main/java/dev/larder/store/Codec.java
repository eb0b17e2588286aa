package dev.larder.store;

/**
 * Turns values into bytes and back.
 *
 * <p>Thread-safe. What is decoded equals what was encoded.
 *
 * @param <V> the type of values
 */
public interface Codec<V> {

    /**
     * The bytes of a value.
     *
     * @throws CodecException if the value cannot be encoded
     */
    byte[] encode(V value);

    /**
     * The value of some bytes; a new object at each call, unless it is immutable.
     *
     * @throws CodecException if the bytes are not what {@link #encode} gives
     */
    V decode(byte[] bytes);
}
