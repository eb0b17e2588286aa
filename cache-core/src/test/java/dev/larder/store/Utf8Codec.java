package dev.larder.store;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings as UTF-8; the string "unencodable" is not one of them. */
public class Utf8Codec implements Codec<String> {

    @Override
    public byte[] encode(String value) {
        if (value.equals("unencodable")) {
            throw new CodecException("Cannot encode " + value, null);
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException ex) {
            throw new CodecException("Not UTF-8", ex);
        }
    }
}
