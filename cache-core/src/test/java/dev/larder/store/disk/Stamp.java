package dev.larder.store.disk;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Values that tell what they are: which key they were put under, by which write, and whether they are whole.
 *
 * <pre>key|number|filler|checksum of all that is before it</pre>
 */
final class Stamp {

    private Stamp() {}

    /** A value of up to so many characters more than it needs, as many each time for one number. */
    static String of(String key, long number, int filler) {
        int length = (int) (Math.floorMod(number * 0x9E3779B97F4A7C15L >>> 20, filler + 1L));
        String content = key + "|" + number + "|"
                + Character.toString('a' + (int) (number % 26)).repeat(length) + "|";
        return content + checksum(content);
    }

    /**
     * The number of the write that put a value.
     *
     * @throws AssertionError if the value is not whole, or that of another key
     */
    static long number(String key, String value) {
        int end = value.lastIndexOf('|') + 1;
        String content = value.substring(0, end);
        if (!value.substring(end).equals(checksum(content))) {
            throw new AssertionError("Torn value under %s: %s".formatted(key, shortened(value)));
        }
        if (!content.startsWith(key + "|")) {
            throw new AssertionError("Value of another key under %s: %s".formatted(key, shortened(value)));
        }
        return Long.parseLong(content.substring(key.length() + 1, content.indexOf('|', key.length() + 1)));
    }

    private static String checksum(String content) {
        CRC32 checksum = new CRC32();
        checksum.update(content.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }

    private static String shortened(String value) {
        return value.substring(0, Math.min(value.length(), 80));
    }
}
