package dev.larder.sample;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How often each letter from a to z occurs in a text. Immutable. */
final class Letters {

    private static final int ALPHABET = 26;

    private final byte[] counts;

    private Letters(byte[] counts) {
        this.counts = counts;
    }

    /** The letters of a text that consists of the letters a to z. */
    static Letters of(String text) {
        byte[] counts = new byte[ALPHABET];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) - 'a']++;
        }
        return new Letters(counts);
    }

    /** What is left when the others are taken away, or null if these letters do not contain them. */
    @Nullable
    Letters minus(Letters others) {
        byte[] rest = new byte[ALPHABET];
        for (int i = 0; i < ALPHABET; i++) {
            int left = counts[i] - others.counts[i];
            if (left < 0) {
                return null;
            }
            rest[i] = (byte) left;
        }
        return new Letters(rest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Letters letters && Arrays.equals(counts, letters.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }
}
