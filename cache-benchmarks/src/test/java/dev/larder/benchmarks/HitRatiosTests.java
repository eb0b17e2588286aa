package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HitRatiosTests {

    @Test
    void requestsOfKeptKeysAreHits() {
        int[] trace = {1, 2, 1, 3, 1, 2};

        assertThat(HitRatios.ratio(trace, Contestants.LARDER.open(2))).isEqualTo(2 / 6.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1000})
    void larderHitsLikeTheTextbook(int size) {
        int[] trace = new Zipf(5000, 0.99).requests(100_000, 1);

        assertThat(HitRatios.ratio(trace, Contestants.LARDER.open(size)))
                .isEqualTo(HitRatios.ratio(trace, Contestants.LINKED_HASH_MAP.open(size)))
                .isPositive();
    }
}
