package dev.larder.store.tool;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keys as people read and type them. Applications write a string as {@code 1-london}, and anything else as a literal, {@code
 * 1:("abc",42L)}; these are shown without the two characters. What would disturb a line of text is shown as {@code \}{@code
 * uxxxx}.
 */
final class Keys {

    private static final String TEXT = "1-";

    private static final String LITERAL = "1:";

    private Keys() {}

    static String show(String key) {
        String shown = key.startsWith(TEXT) || key.startsWith(LITERAL) ? key.substring(TEXT.length()) : key;
        return Text.printable(shown);
    }

    /** All keys that are shown, or written, like this. */
    static Set<String> candidates(String typed) {
        Set<String> keys = new LinkedHashSet<>();
        for (String key : List.of(typed, plain(typed))) {
            keys.add(key);
            keys.add(TEXT + key);
            keys.add(LITERAL + key);
        }
        return keys;
    }

    private static String plain(String typed) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < typed.length(); at++) {
            if (typed.startsWith("\\u", at) && isHex(typed, at + 2)) {
                plain.append((char) HexFormat.fromHexDigits(typed, at + 2, at + 6));
                at += 5;
            } else {
                plain.append(typed.charAt(at));
            }
        }
        return plain.toString();
    }

    private static boolean isHex(String text, int at) {
        return at + 4 <= text.length() && text.substring(at, at + 4).chars().allMatch(HexFormat::isHexDigit);
    }
}
