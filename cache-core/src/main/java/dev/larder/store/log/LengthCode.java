package dev.larder.store.log;

/**
 * Lengths of up to 2 GiB in 13 bits, rounded up: exact multiples of 8 bytes below 4 KiB, then 256 steps for each power of
 * two.
 *
 * <p>The bytes that are alive in a segment are summed up from these, so an error of up to 0.4 % does not matter, as long as
 * what is added is what is taken away later.
 */
final class LengthCode {

    static final int MASK = (1 << 13) - 1;

    /** Steps for each power of two, as a power of two. 7 would be off by up to 0.8 %, 9 would need another bit. */
    private static final int STEP_BITS = 8;

    private LengthCode() {}

    /**
     * The code of a length.
     *
     * @param length in bytes, not negative
     */
    static int encode(int length) {
        int units = length / Long.BYTES + (length % Long.BYTES == 0 ? 0 : 1);
        int shift = shift(units);
        int steps = (units + (1 << shift) - 1) >>> shift;
        return (shift << STEP_BITS) + steps;
    }

    /** The least length of this code or more, in bytes. */
    static long decode(int code) {
        int shift = Math.max(0, (code >>> STEP_BITS) - 1);
        return (long) (code - (shift << STEP_BITS)) << shift << 3;
    }

    private static int shift(int units) {
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(units) - STEP_BITS - 1);
    }
}
