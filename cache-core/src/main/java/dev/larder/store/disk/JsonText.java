package dev.larder.store.disk;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Text between the quotes of a JSON string, in the one form that manifests have: UTF-8, a backslash before quotes and
 * backslashes, and {@code \}{@code uxxxx} with small hexadecimal digits for control characters and for halves of surrogate
 * pairs, which UTF-8 cannot tell. Different texts are different bytes.
 */
final class JsonText {

    private JsonText() {}

    static byte[] escape(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length == text.length() && isPlain(bytes) ? bytes : escapeEach(text);
    }

    private static boolean isPlain(byte[] bytes) {
        for (byte b : bytes) {
            // A half of a surrogate pair is a question mark here.
            if (b < ' ' || b == '"' || b == '\\' || b == '?') {
                return false;
            }
        }
        return true;
    }

    private static byte[] escapeEach(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || isHalf(text, at)) {
                escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /** The inverse of {@link #escape}, or null for an escape that it does not make. */
    static @Nullable String unescape(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
            } else if (text.startsWith("u", at + 1) && text.length() >= at + 6) {
                plain.append((char) HexFormat.fromHexDigits(text, at + 2, at + 6));
                at += 5;
            } else if (at + 1 < text.length()) {
                plain.append(text.charAt(++at));
            } else {
                return null;
            }
        }
        return plain.toString();
    }
}
