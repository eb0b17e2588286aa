package dev.larder.store.tool;

import dev.larder.store.Entry;
import java.time.Instant;
import java.util.HexFormat;

/** How things are printed. */
final class Text {

    private Text() {}

    /** Without what ends a line, moves the cursor, or cannot be encoded. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                printable.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    printable.append("\\u").append(HexFormat.of().toHexDigits(unit));
                }
            }
        });
        return printable.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** ISO 8601, always with milliseconds. */
    static String instant(long millis) {
        if (millis == Entry.FOREVER) {
            return "never";
        }
        String text = Instant.ofEpochMilli(millis).toString();
        int seconds = "2025-11-21T15:32:05Z".length();
        return text.length() == seconds ? text.substring(0, seconds - 1) + ".000Z" : text;
    }

    /** A string of JSON with its quotes. */
    static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                json.append(c);
            } else {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return json.append('"').toString();
    }
}
