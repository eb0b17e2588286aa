package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GhostsTests {

    private static final int ENTRIES = 10_000;

    private final Ghosts ghosts = new Ghosts();

    private final Random random = new Random(5);

    @Test
    void thereAreNoneBeforeSomebodyGoes() {
        assertThat(ghosts.take(42)).isFalse();
        assertThat(ghosts.heapBytes()).isZero();
    }

    @Test
    void aGhostIsFoundOnce() {
        ghosts.add(42, ENTRIES);
        assertThat(ghosts.take(43)).isFalse();
        assertThat(ghosts.take(42)).isTrue();
        assertThat(ghosts.take(42)).isFalse();
    }

    @Test
    void whoWentLongAgoIsForgotten() {
        long[] hashes = random.longs(2 * ENTRIES).toArray();
        for (long hash : hashes) {
            ghosts.add(hash, ENTRIES);
        }
        assertThat(found(hashes, 2 * ENTRIES - ENTRIES / 4, 2 * ENTRIES)).isGreaterThan(0.9);
        assertThat(found(hashes, 0, ENTRIES)).isLessThan(0.05);
    }

    @Test
    void othersAreHardlyEverTakenForOne() {
        random.longs(ENTRIES).forEach(hash -> ghosts.add(hash, ENTRIES));
        assertThat(found(random.longs(100_000).toArray(), 0, 100_000)).isLessThan(0.001);
    }

    @Test
    void oneTakesAByteForEachEntry() {
        ghosts.add(42, ENTRIES);
        assertThat(ghosts.heapBytes()).isBetween(ENTRIES / 2L, ENTRIES + 100L);
        ghosts.add(42, 10L * ENTRIES);
        assertThat(ghosts.heapBytes()).isBetween(5L * ENTRIES, 10L * ENTRIES + 100);
    }

    private double found(long[] hashes, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += ghosts.take(hashes[i]) ? 1 : 0;
        }
        return (double) count / (to - from);
    }
}
