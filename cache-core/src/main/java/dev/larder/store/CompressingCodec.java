package dev.larder.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Compresses what another codec makes, where that makes it smaller.
 *
 * <p>The first byte says what follows: a line feed what the other codec made, so that tools that read text can read it, and
 * the {@linkplain Compression#mark mark} of a compression the length before, as an {@code int}, and the compressed bytes.
 *
 * <p>Reading never takes more memory than the limit, whatever the bytes say, and checks that the length is exact. A value
 * that is larger than the limit is written as it is.
 *
 * <p>Thread-safe.
 *
 * @param <V> the type of values
 */
public final class CompressingCodec<V> implements Codec<V> {

    /**
     * The usual limit, in bytes. Not less: results of a hundred megabytes are cached. Not more: who can write into the
     * directory of a cache must not get the application to run out of memory.
     */
    public static final int DEFAULT_LIMIT = 256 * 1024 * 1024;

    private static final byte PLAIN = '\n';

    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    private final Codec<V> codec;

    private final Compression compression;

    private final int threshold;

    private final int limit;

    /**
     * A codec that compresses.
     *
     * @param threshold the fewest bytes that are compressed; fewer are written as they are
     * @param limit the most bytes that are compressed, and the most that compressed ones may become
     */
    public CompressingCodec(Codec<V> codec, Compression compression, int threshold, int limit) {
        this.codec = codec;
        this.compression = compression;
        this.threshold = threshold;
        this.limit = limit;
    }

    @Override
    public byte[] encode(V value) {
        byte[] plain = codec.encode(value);
        if (plain.length >= threshold && plain.length <= limit) {
            byte[] compressed = compression.compress(plain);
            if (compressed.length + HEADER_BYTES < plain.length) {
                return ByteBuffer.allocate(HEADER_BYTES + compressed.length)
                        .put(compression.mark())
                        .putInt(plain.length)
                        .put(compressed)
                        .array();
            }
        }
        return ByteBuffer.allocate(1 + plain.length).put(PLAIN).put(plain).array();
    }

    @Override
    public V decode(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == PLAIN) {
            return codec.decode(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != compression.mark()) {
            throw new CodecException("These bytes were not compressed, or in another way", null);
        }
        int length = ByteBuffer.wrap(bytes).getInt(1);
        if (length < 0 || length > limit) {
            throw new CodecException(
                    "Compressed bytes say that they become %d, but the limit is %d".formatted(length, limit), null);
        }
        byte[] plain = new byte[length];
        compression.decompress(bytes, HEADER_BYTES, plain);
        return codec.decode(plain);
    }
}
