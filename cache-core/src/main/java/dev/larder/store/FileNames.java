package dev.larder.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Turns any text into the name of a file: readable, the same for equal texts only, and good on every file system.
 *
 * <ul>
 *   <li>{@code a-z 0-9 - _} stand for themselves, and so does a dot between others.
 *   <li>A capital is a plus and its small letter ({@code Upper} is {@code +upper}), so names that differ in case only
 *       are different files where case is ignored.
 *   <li>Everything else is percent and two hexadecimal digits for each byte of UTF-8 ({@code a/b} is {@code a%2fb}), so
 *       a name never leaves its directory, is never hidden, and is not changed by Unicode normalisation.
 *   <li>Names that Windows reserves have their first letter escaped ({@code con} is {@code %63on}).
 *   <li>Empty text is {@code %}.
 *   <li>A name longer than {@value #MAX_LENGTH} is cut, and a tilde and the SHA-256 of the text are appended.
 * </ul>
 *
 * <p>All static, thread-safe.
 */
public final class FileNames {

    /**
     * Not longer: file systems have room for 255 bytes, some that encrypt for less, and whoever uses a name may want to
     * append to it. Not shorter: names should be read.
     */
    public static final int MAX_LENGTH = 200;

    private static final int HASH_LENGTH = 64;

    private static final Set<String> RESERVED = Set.of(
            "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
            "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private FileNames() {}

    /** The name for a text; different for different texts, and at most {@value #MAX_LENGTH} characters of ASCII. */
    public static String escape(String text) {
        StringBuilder name = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); at++) {
            escape(text, at, name);
        }
        if (name.isEmpty()) {
            return "%";
        }
        if (isReserved(name)) {
            name.replace(0, 1, "%" + HexFormat.of().toHexDigits((byte) name.charAt(0)));
        }
        if (name.length() > MAX_LENGTH) {
            name.setLength(MAX_LENGTH - HASH_LENGTH - 1);
            name.append('~').append(hash(text));
        }
        return name.toString();
    }

    private static void escape(String text, int at, StringBuilder name) {
        char c = text.charAt(at);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
            name.append(c);
        } else if (c >= 'A' && c <= 'Z') {
            name.append('+').append((char) (c + ('a' - 'A')));
        } else if (c == '.' && at > 0 && at < text.length() - 1) {
            name.append(c);
        } else if (!Character.isLowSurrogate(c) || at == 0 || !Character.isHighSurrogate(text.charAt(at - 1))) {
            for (byte part : utf8(text.codePointAt(at))) {
                name.append('%').append(HexFormat.of().toHexDigits(part));
            }
        }
    }

    /** UTF-8, and the same pattern of bits for half of a surrogate pair, which has none and must not become a question mark. */
    private static byte[] utf8(int codePoint) {
        if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
            return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        }
        return new byte[] {
            (byte) (0xe0 | (codePoint >> 12)),
            (byte) (0x80 | ((codePoint >> 6) & 0x3f)),
            (byte) (0x80 | (codePoint & 0x3f))
        };
    }

    /** Windows looks at what is before the first dot. */
    private static boolean isReserved(StringBuilder name) {
        int dot = name.indexOf(".");
        return RESERVED.contains(dot < 0 ? name.toString() : name.substring(0, dot));
    }

    private static String hash(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (int at = 0; at < text.length(); at++) {
                sha.update((byte) (text.charAt(at) >> 8));
                sha.update((byte) text.charAt(at));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java platform has SHA-256", ex);
        }
    }
}
