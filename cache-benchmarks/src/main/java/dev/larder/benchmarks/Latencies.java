package dev.larder.benchmarks;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * How long operations took, in classes of 3 %: 32 to each power of two, from 64 nanoseconds. Not thread-safe. Text that is
 * {@code CLASS:COUNT CLASS:COUNT …} carries them from one process to another.
 */
final class Latencies {

    private static final int BITS = 5;

    private static final int PARTS = 1 << BITS;

    private static final int SHORTEST = 2 * PARTS;

    private final long[] counts = new long[64 * PARTS];

    void add(long nanos) {
        counts[classOf(nanos)]++;
    }

    private static int classOf(long nanos) {
        long atLeast = Math.max(nanos, SHORTEST);
        int bits = 64 - Long.numberOfLeadingZeros(atLeast);
        return (bits << BITS) | (int) ((atLeast >>> (bits - BITS - 1)) & (PARTS - 1));
    }

    /** Adds what another one wrote as text. */
    void add(String text) {
        for (String part : text.split(" ", -1)) {
            int colon = part.indexOf(':');
            counts[Integer.parseInt(part.substring(0, colon))] += Long.parseLong(part.substring(colon + 1));
        }
    }

    long count() {
        return Arrays.stream(counts).sum();
    }

    /** What so large a share of the operations did not exceed, in microseconds. */
    double micros(double share) {
        long before = 0;
        long wanted = Math.max(1, (long) Math.ceil(share * count()));
        for (int i = 0; i < counts.length; i++) {
            before += counts[i];
            if (before >= wanted) {
                return middle(i) / 1000;
            }
        }
        return 0;
    }

    private static double middle(int number) {
        int shift = (number >> BITS) - BITS - 1;
        return ((PARTS + (number & (PARTS - 1))) + 0.5) * Math.pow(2, shift);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.add(i + ":" + counts[i]);
            }
        }
        return text.toString();
    }
}
