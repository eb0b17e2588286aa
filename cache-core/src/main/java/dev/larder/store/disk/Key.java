package dev.larder.store.disk;

import java.nio.charset.StandardCharsets;

/**
 * A key as files know it. Immutable.
 *
 * @param text the key
 * @param escaped how the manifest tells it
 * @param hash the SHA-256 of {@code escaped}, as 64 hexadecimal digits
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Key(String text, byte[] escaped, String hash) {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    static Key of(String text) {
        byte[] escaped = JsonText.escape(text);
        Scratch scratch = Scratch.take();
        byte[] hash = scratch.sha256(escaped);
        scratch.give();
        byte[] hex = new byte[2 * hash.length];
        for (int i = 0; i < hash.length; i++) {
            hex[2 * i] = DIGITS[(hash[i] >> 4) & 0xf];
            hex[2 * i + 1] = DIGITS[hash[i] & 0xf];
        }
        return new Key(text, escaped, new String(hex, StandardCharsets.ISO_8859_1));
    }
}
