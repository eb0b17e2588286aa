package dev.larder.benchmarks;

/** Caches whose policies differ, and the textbook's LRU to compare ours with. */
enum Policies {
    LARDER,
    /** On disk, and bounded by as many bytes as the values of the others have. */
    LARDER_SHARDED,
    LINKED_HASH_MAP,
    CAFFEINE,
    CACHE2K;

    /** Opens an empty cache with room for so many entries. */
    Contestant open(int bound) {
        return switch (this) {
            case LARDER -> Contestants.LARDER.open(bound);
            case LARDER_SHARDED -> new LogContestant(bound);
            case LINKED_HASH_MAP -> Contestants.LINKED_HASH_MAP.open(bound);
            case CAFFEINE -> Contestants.CAFFEINE.open(bound);
            case CACHE2K -> Contestants.CACHE2K.open(bound);
        };
    }
}
