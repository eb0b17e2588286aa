package dev.larder.benchmarks;

/**
 * What a store has to have room for.
 *
 * @param entries how many
 * @param valueSize of each, in bytes
 * @param isBounded whether there is no room for more; a store that cannot tell is bounded from outside
 */
record Room(int entries, int valueSize, boolean isBounded) {

    /** More than keys and headers of any store take. */
    private static final int OVERHEAD = 64;

    /** In bytes. */
    long bytes() {
        return (long) entries * (valueSize + OVERHEAD);
    }
}
