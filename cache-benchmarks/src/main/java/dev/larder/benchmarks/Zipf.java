package dev.larder.benchmarks;

import java.util.Arrays;
import java.util.Random;

/** Requests as shops see them: few items are asked for often, most of them rarely. */
final class Zipf {

    private final double[] cumulated;

    /**
     * The item of rank r, from 1, is asked for in proportion to 1 / r<sup>skew</sup>.
     *
     * @param items how many items there are
     * @param skew 0 for all alike; about 1 is what is found in practice
     */
    Zipf(int items, double skew) {
        this.cumulated = new double[items];
        double sum = 0;
        for (int rank = 0; rank < items; rank++) {
            sum += 1 / Math.pow(rank + 1, skew);
            cumulated[rank] = sum;
        }
    }

    /**
     * Items that are asked for, one after another. Which item has which rank is drawn too, so that neighbours in memory
     * are not neighbours in rank.
     *
     * @return indices from 0 to items - 1; the same for the same seed
     */
    int[] requests(int count, long seed) {
        Random random = new Random(seed);
        int[] items = shuffled(cumulated.length, random);
        int[] requests = new int[count];
        for (int i = 0; i < count; i++) {
            requests[i] = items[rank(random.nextDouble())];
        }
        return requests;
    }

    private int rank(double share) {
        int found = Arrays.binarySearch(cumulated, share * cumulated[cumulated.length - 1]);
        return Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1);
    }

    private static int[] shuffled(int count, Random random) {
        int[] items = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            items[i] = items[other];
            items[other] = i;
        }
        return items;
    }
}
