package dev.larder.store.log;

import java.nio.charset.StandardCharsets;

/** Text in records: one byte for each character where that is possible, two where it is not, so that any text comes back. */
final class Texts {

    private Texts() {}

    static boolean isWide(String text) {
        return text.chars().anyMatch(c -> c > 0xFF);
    }

    static byte[] encode(String text) {
        if (!isWide(text)) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        byte[] bytes = new byte[2 * text.length()];
        for (int i = 0; i < text.length(); i++) {
            bytes[2 * i] = (byte) text.charAt(i);
            bytes[2 * i + 1] = (byte) (text.charAt(i) >>> 8);
        }
        return bytes;
    }

    static String decode(byte[] bytes, int from, int length, boolean wide) {
        if (!wide) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        char[] chars = new char[length / 2];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) ((bytes[from + 2 * i] & 0xFF) | (bytes[from + 2 * i + 1] << 8));
        }
        return new String(chars);
    }
}
