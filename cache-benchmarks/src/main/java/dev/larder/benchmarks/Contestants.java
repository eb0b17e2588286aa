package dev.larder.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The contestant of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Contestants of(String label) {
        for (Contestants contestant : values()) {
            if (contestant.label().equals(label)) {
                return contestant;
            }
        }
        throw new IllegalArgumentException(
                "There is no contestant '%s'; choose from %s".formatted(label, labels(Arrays.asList(values()))));
    }

    static String labels(List<Contestants> contestants) {
        return contestants.stream().map(Contestants::label).collect(Collectors.joining(", "));
    }
}
