package dev.larder.benchmarks;

/** All caches under test, by the name they have on the command line and in the tables. */
public enum Contestants {
    LARDER,
    LARDER_CACHE,
    CAFFEINE,
    SPRING_CAFFEINE,
    /** Unbounded, without life times. */
    SPRING_MAP,
    CACHE2K,
    GUAVA,
    /** Without life times. */
    LINKED_HASH_MAP,
    /** The limit: unbounded, without life times. */
    CONCURRENT_HASH_MAP;

    /** Opens an empty cache. The unbounded ones ignore the bound, which is in entries. */
    Contestant open(int bound) {
        return switch (this) {
            case LARDER -> new LarderContestant(bound);
            case LARDER_CACHE -> SpringContestant.larder(bound);
            case CAFFEINE -> new CaffeineContestant(bound);
            case SPRING_CAFFEINE -> SpringContestant.caffeine(bound);
            case SPRING_MAP -> SpringContestant.map();
            case CACHE2K -> new Cache2kContestant(bound);
            case GUAVA -> new GuavaContestant(bound);
            case LINKED_HASH_MAP -> new LinkedHashMapContestant(bound);
            case CONCURRENT_HASH_MAP -> new MapContestant();
        };
    }
}
