package dev.larder.codec;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.springframework.cache.support.NullValue;

/**
 * Lets a codec of the application see its own values only: null is a single {@code -}, and a line feed goes before anything
 * else. Thread-safe.
 */
public final class NullableCodec implements Codec<Object> {

    private static final byte VALUE = '\n';

    private static final byte NULL = '-';

    private final Codec<Object> codec;

    /** A codec that also takes {@link NullValue}. */
    public NullableCodec(Codec<Object> codec) {
        this.codec = codec;
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof NullValue) {
            return new byte[] {NULL};
        }
        byte[] bytes = codec.encode(value);
        return ByteBuffer.allocate(1 + bytes.length).put(VALUE).put(bytes).array();
    }

    @Override
    public Object decode(byte[] bytes) {
        if (bytes.length == 1 && bytes[0] == NULL) {
            return NullValue.INSTANCE;
        }
        if (bytes.length == 0 || bytes[0] != VALUE) {
            throw new CodecException("These bytes were written by another codec", null);
        }
        return codec.decode(Arrays.copyOfRange(bytes, 1, bytes.length));
    }
}
