package dev.larder.codec;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses values that would not come back from another codec, or not as they were: it would be a miss at each read, or worse,
 * another value, and nobody would know why.
 *
 * <p>Of each class it reads back the first value, the second, the fourth, and so on: often enough to see what a class does,
 * and too seldom to cost anything. A value that is not equal to what it was is refused only if its class can tell, that is, if
 * reading it twice gives two that are equal.
 *
 * <p>Thread-safe.
 */
public final class ReadBackCodec implements Codec<Object> {

    private final Codec<Object> codec;

    private final ClassValue<AtomicLong> encoded = new ClassValue<>() {
        @Override
        protected AtomicLong computeValue(Class<?> type) {
            return new AtomicLong();
        }
    };

    /** A codec that does not rely on another. */
    public ReadBackCodec(Codec<Object> codec) {
        this.codec = codec;
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = codec.encode(value);
        if (Long.bitCount(encoded.get(value.getClass()).incrementAndGet()) == 1) {
            readBack(value, bytes);
        }
        return bytes;
    }

    private void readBack(Object value, byte[] bytes) {
        Object read;
        try {
            read = codec.decode(bytes);
        } catch (RuntimeException | LinkageError ex) {
            encoded.remove(value.getClass());
            throw new CodecException(
                    "A %s can be written but not read back: %s"
                            .formatted(value.getClass().getName(), ex.getMessage()),
                    value.getClass(),
                    ex);
        }
        if (!read.equals(value) && read.equals(codec.decode(bytes))) {
            encoded.remove(value.getClass());
            throw new CodecException(
                    ("A %s does not come back equal to what it was: give the codec all of its state and the types in it,"
                                    + " or choose another codec")
                            .formatted(value.getClass().getName()),
                    value.getClass(),
                    null);
        }
    }

    @Override
    public Object decode(byte[] bytes) {
        return codec.decode(bytes);
    }
}
