package dev.larder.autoconfigure;

import dev.larder.store.Codec;
import java.nio.charset.StandardCharsets;

/** Knows texts only. */
final class TextCodec implements Codec<Object> {

    @Override
    public byte[] encode(Object value) {
        return ((String) value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
