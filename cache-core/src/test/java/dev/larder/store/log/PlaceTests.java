package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class PlaceTests implements WithQuickTheories {

    @Test
    void keepsSegmentOffsetLengthAndUsesApart() {
        qt().forAll(
                        integers().between(0, Place.MAX_SEGMENTS - 1),
                        integers().between(2, (int) (Place.MAX_SEGMENT_BYTES / 8) - 1),
                        integers().between(0, Integer.MAX_VALUE),
                        integers().between(0, Place.MAX_USES))
                .checkAssert((segment, unit, length, uses) -> {
                    long offset = unit * 8L;
                    long place = Place.withUses(Place.withLength(Place.of(segment, offset), length), uses);
                    assertThat(Place.segment(place)).isEqualTo(segment);
                    assertThat(Place.offset(place)).isEqualTo(offset);
                    assertThat(Place.uses(place)).isEqualTo(uses);
                    assertThat(Place.length(place)).isEqualTo(LengthCode.decode(LengthCode.encode(length)));
                    assertThat(Place.isSame(place, Place.of(segment, offset))).isTrue();
                    assertThat(Place.isSame(place, Place.of(segment, offset + 8)))
                            .isFalse();
                    assertThat(Place.isMarker(place)).isFalse();
                    assertThat(place).isNotEqualTo(Place.ABSENT);
                });
    }

    @Test
    void lengthIsNeverLessAndHardlyMoreThanWasPut() {
        qt().withExamples(10_000)
                .forAll(integers().between(0, Integer.MAX_VALUE), integers().between(0, 30))
                .checkAssert((number, shift) -> assertLength(number >>> shift));
        for (int length = 0; length < 20_000; length++) {
            assertLength(length);
        }
    }

    private static void assertLength(int length) {
        int code = LengthCode.encode(length);
        assertThat(code).isBetween(0, LengthCode.MASK);
        assertThat(LengthCode.decode(code)).isBetween((long) length, length + 7 + (length + 7L) / 256);
        if (length < 4096) {
            assertThat(LengthCode.decode(code)).isEqualTo((length + 7L) / 8 * 8);
        }
    }
}
