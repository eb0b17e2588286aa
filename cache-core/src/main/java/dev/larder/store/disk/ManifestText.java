package dev.larder.store.disk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says besides what a store needs to know, for those who look at it from outside.
 *
 * @param created in milliseconds since the epoch
 */
record ManifestText(String key, String codec, long created, boolean isSealed) {

    private static final byte[] CODEC = ascii("\",\"codec\":\"");

    private static final byte[] SEAL = ascii("\",\"seal\":\"");

    private static final int KEY_AT = "{\"larder\":1,\"key\":\"".length();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a line that is known to be a manifest.
     *
     * @return null if its key is not written as stores write it
     */
    static @Nullable ManifestText of(byte[] line, Manifest manifest) {
        int keyEnd = quote(line, KEY_AT);
        int codecAt = keyEnd + CODEC.length;
        String key = JsonText.unescape(line, KEY_AT, keyEnd);
        String codec = JsonText.unescape(line, codecAt, quote(line, codecAt));
        return key == null || codec == null
                ? null
                : new ManifestText(
                        key, codec, Instants.read(line, manifest.lifeAt() - Instants.LENGTH), isSealed(line, manifest));
    }

    private static int quote(byte[] line, int from) {
        int at = from;
        while (line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    private static boolean isSealed(byte[] line, Manifest manifest) {
        for (int at = manifest.lifeAt(); at < manifest.length() - SEAL.length; at++) {
            if (Arrays.equals(line, at, at + SEAL.length, SEAL, 0, SEAL.length)) {
                return true;
            }
        }
        return false;
    }
}
