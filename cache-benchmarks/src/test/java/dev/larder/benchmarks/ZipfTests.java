package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZipfTests {

    private static final int REQUESTS = 1_000_000;

    @Test
    void firstRanksAreAskedForInProportion() {
        List<Integer> counts = countsByRank(new Zipf(1000, 0.99).requests(REQUESTS, 1));

        double first = counts.get(0);
        assertThat(counts.get(1) / first).isCloseTo(Math.pow(2, -0.99), within(0.02));
        assertThat(counts.get(9) / first).isCloseTo(Math.pow(10, -0.99), within(0.02));
    }

    @Test
    void withoutSkewAllItemsAreAlike() {
        List<Integer> counts = countsByRank(new Zipf(10, 0).requests(REQUESTS, 1));

        assertThat(counts).hasSize(10).allSatisfy(count -> assertThat(count).isBetween(98_000, 102_000));
    }

    @Test
    void sameSeedGivesSameRequests() {
        assertThat(new Zipf(1000, 0.99).requests(1000, 7)).isEqualTo(new Zipf(1000, 0.99).requests(1000, 7));
    }

    @Test
    void otherSeedMakesOtherItemsPopular() {
        assertThat(new Zipf(1000, 0.99).requests(1000, 7)).isNotEqualTo(new Zipf(1000, 0.99).requests(1000, 8));
    }

    @Test
    void itemsAreInRange() {
        assertThat(Arrays.stream(new Zipf(10, 0.99).requests(10_000, 1)).distinct())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    private static List<Integer> countsByRank(int[] requests) {
        int[] counts = new int[Arrays.stream(requests).max().orElseThrow() + 1];
        for (int request : requests) {
            counts[request]++;
        }
        return Arrays.stream(counts).boxed().sorted(Comparator.reverseOrder()).toList();
    }
}
