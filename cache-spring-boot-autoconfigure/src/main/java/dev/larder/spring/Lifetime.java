package dev.larder.spring;

import dev.larder.store.Entry;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The life that a cache gives to its entries.
 *
 * @param clock what the store of the cache goes by, too
 * @param millis milliseconds; {@link #ENDLESS} for entries that do not expire
 */
record Lifetime(InstantSource clock, long millis) {

    static final long ENDLESS = Long.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofMillis(ENDLESS);

    static Lifetime of(InstantSource clock, @Nullable Duration life) {
        return new Lifetime(clock, life == null ? ENDLESS : millis(life));
    }

    /** An entry that starts its life now. */
    Entry<Object> entry(Object stored) {
        return millis == ENDLESS ? Entry.of(stored) : Entry.of(stored, Entry.after(clock.millis(), millis));
    }

    /** The end of a life that starts now, in milliseconds since the epoch. */
    long end(Duration life) {
        return Entry.after(clock.millis(), millis(life));
    }

    /** Positive durations below a millisecond count as one, those without room in a {@code long} as endless. */
    private static long millis(Duration life) {
        if (life.isZero() || life.isNegative()) {
            throw new IllegalArgumentException("A life time must be positive, but was " + life);
        }
        return life.compareTo(LONGEST) >= 0 ? ENDLESS : Math.max(1, life.toMillis());
    }
}
