package dev.larder.codec;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.cache.support.NullValue;

/**
 * Byte arrays and strings as they are, after a byte that tells which: a line feed before the UTF-8 of a string, 0 before the
 * bytes of an array, and {@code -} for null. Thread-safe.
 */
public final class BytesCodec implements Codec<Object> {

    private static final byte TEXT = '\n';

    private static final byte ARRAY = 0;

    private static final byte NULL = '-';

    @Override
    public byte[] encode(Object value) {
        if (value instanceof byte[] array) {
            return tagged(ARRAY, ByteBuffer.wrap(array));
        }
        if (value instanceof String text) {
            return tagged(TEXT, utf8(text));
        }
        if (value instanceof NullValue) {
            return new byte[] {NULL};
        }
        throw new CodecException(
                "The codec bytes takes byte[] and String, not a %s: use the codec json"
                        .formatted(value.getClass().getName()),
                value.getClass(),
                null);
    }

    @Override
    public Object decode(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == ARRAY) {
            return Arrays.copyOfRange(bytes, 1, bytes.length);
        }
        if (bytes.length > 0 && bytes[0] == TEXT) {
            return text(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
        }
        if (bytes.length == 1 && bytes[0] == NULL) {
            return NullValue.INSTANCE;
        }
        throw new CodecException("These bytes were not written by the codec bytes", null);
    }

    private static byte[] tagged(byte tag, ByteBuffer content) {
        return ByteBuffer.allocate(1 + content.remaining())
                .put(tag)
                .put(content)
                .array();
    }

    /** Strict: a replaced character is another string. */
    private static ByteBuffer utf8(String text) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException ex) {
            throw new CodecException(
                    "The string has half a surrogate pair, and no UTF-8: use the codec java", String.class, ex);
        }
    }

    private static String text(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException ex) {
            throw new CodecException("The bytes of a string are no UTF-8", ex);
        }
    }
}
