package dev.larder.store.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeededHashTests {

    private final SeededHash hash = new SeededHash(42);

    /** Directories in use hold these hashes. */
    @Test
    void neverChanges() {
        assertThat(hash.of(new byte[0])).isEqualTo(-7500032730674233179L);
        assertThat(hash.of("larder".getBytes(UTF_8))).isEqualTo(-6831030483454345806L);
        assertThat(hash.of("the quick brown fox jumps".getBytes(UTF_8))).isEqualTo(-3558905685866494132L);
    }

    @Test
    void dependsOnTheSeed() {
        byte[] key = "key".getBytes(UTF_8);
        assertThat(new SeededHash(43).of(key)).isNotEqualTo(hash.of(key));
    }

    @Test
    void keysThatDifferInLengthOnlyDiffer() {
        Set<Long> hashes = new HashSet<>();
        for (int length = 0; length < 1000; length++) {
            hashes.add(hash.of(new byte[length]));
        }
        assertThat(hashes).hasSize(1000);
    }

    @Test
    void everyBitOfAKeyFlipsEveryBitOfTheHashHalfOfTheTime() {
        Random random = new Random(1);
        int rounds = 2000;
        for (int length : new int[] {1, 7, 8, 9, 24, 31}) {
            int[] flips = new int[Long.SIZE];
            for (int round = 0; round < rounds; round++) {
                byte[] key = new byte[length];
                random.nextBytes(key);
                long before = hash.of(key);
                int bit = random.nextInt(length * 8);
                key[bit / 8] ^= (byte) (1 << bit % 8);
                long changed = before ^ hash.of(key);
                for (int i = 0; i < Long.SIZE; i++) {
                    flips[i] += (int) (changed >>> i & 1);
                }
            }
            for (int flip : flips) {
                // 6 standard deviations
                assertThat(flip).as("length %d", length).isBetween(rounds / 2 - 135, rounds / 2 + 135);
            }
        }
    }

    @Test
    void keysThatCountUpAreSpreadOverPartitionsAndWithinThem() {
        int[] partitions = new int[Index.PARTITIONS];
        int[] orders = new int[1024];
        int keys = 1024 * 100;
        for (int i = 0; i < keys; i++) {
            long of = hash.of(("product:" + i).getBytes(UTF_8));
            partitions[(int) of & Index.PARTITIONS - 1]++;
            orders[(int) (of >>> 32) & 1023]++;
        }
        // 6 standard deviations around the mean of 100
        assertThat(Arrays.stream(partitions)).allMatch(count -> count > 40 && count < 160);
        assertThat(Arrays.stream(orders)).allMatch(count -> count > 40 && count < 160);
    }
}
