package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LengthCodeTests {

    /** As {@link Segment} relies on. */
    @Test
    void lengthOfARecordBelow4KiBIsExact() {
        for (int length = 0; length < 4096; length += 8) {
            assertThat(LengthCode.decode(LengthCode.encode(length))).isEqualTo(length);
        }
    }

    @Test
    void noLengthIsUnderstated() {
        for (long length = 1; length < Integer.MAX_VALUE; length += 1 + length / 1000) {
            assertThat(LengthCode.decode(LengthCode.encode((int) length))).isBetween(length, length + length / 250 + 7);
        }
    }
}
