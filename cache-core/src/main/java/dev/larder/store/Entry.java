package dev.larder.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value and its life: what a {@link Store} holds for a key.
 *
 * <p>An entry has two instants. Until {@link #freshUntil} it is <em>fresh</em>: reads return it. From then until
 * {@link #keptUntil} it is <em>stale</em>: reads miss, but {@link Store#entry} still shows it, so that a caller can
 * revalidate it ({@link Store#touch}) or fall back to it when its source fails. Afterwards it is <em>expired</em> and
 * nobody sees it again. Most entries are never stale: both instants are the same.
 *
 * <p>Both are absolute, so an entry copied from one store to another keeps the life that remains.
 *
 * <p>Immutable, and thread-safe if the value is.
 *
 * @param value the value
 * @param freshUntil first instant at which reads miss, in milliseconds since the epoch; {@link #FOREVER} for never
 * @param keptUntil first instant at which the entry is gone, in milliseconds since the epoch; not before {@code
 *     freshUntil}
 * @param etag the validator that the source of the value gave it (HTTP's {@code ETag}), if any
 * @param <V> the type of the value
 */
public record Entry<V extends @Nullable Object>(
        V value, long freshUntil, long keptUntil, @Nullable String etag) {

    /** The instant that never comes. */
    public static final long FOREVER = Long.MAX_VALUE;

    /**
     * Checks the order of the instants.
     *
     * @throws IllegalArgumentException if {@code keptUntil} is before {@code freshUntil}
     */
    public Entry {
        if (keptUntil < freshUntil) {
            throw new IllegalArgumentException(
                    "An entry is kept at least as long as it is fresh, but keptUntil %d is before freshUntil %d"
                            .formatted(keptUntil, freshUntil));
        }
    }

    /** An entry that does not expire. */
    public static <V extends @Nullable Object> Entry<V> of(V value) {
        return new Entry<>(value, FOREVER, FOREVER, null);
    }

    /** An entry that is fresh until the given instant, in milliseconds since the epoch, and gone from then on. */
    public static <V extends @Nullable Object> Entry<V> of(V value, long freshUntil) {
        return new Entry<>(value, freshUntil, freshUntil, null);
    }

    /** The same life with another value. */
    public <W extends @Nullable Object> Entry<W> withValue(W other) {
        return new Entry<>(other, freshUntil, keptUntil, etag);
    }

    /** Whether reads at the given instant, in milliseconds since the epoch, return the value. */
    public boolean isFresh(long now) {
        return now < freshUntil;
    }

    /** Whether the entry still exists, fresh or stale, at the given instant, in milliseconds since the epoch. */
    public boolean isKept(long now) {
        return now < keptUntil;
    }

    /**
     * The instant that lies a life time after another.
     *
     * @param now milliseconds since the epoch
     * @param life milliseconds; must be positive
     * @return milliseconds since the epoch, or {@link #FOREVER} where the sum has no room in a {@code long}
     */
    public static long after(long now, long life) {
        if (life <= 0) {
            throw new IllegalArgumentException("A life time must be positive, but was %d ms".formatted(life));
        }
        long until = now + life;
        return until < now ? FOREVER : until;
    }

    @Override
    public String toString() {
        return "Entry[%s, fresh until %s, kept until %s%s]"
                .formatted(
                        Objects.toString(value),
                        instant(freshUntil),
                        instant(keptUntil),
                        etag == null ? "" : ", " + etag);
    }

    private static String instant(long millis) {
        return millis == FOREVER
                ? "forever"
                : java.time.Instant.ofEpochMilli(millis).toString();
    }
}
