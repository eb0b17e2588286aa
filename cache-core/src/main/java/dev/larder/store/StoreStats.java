package dev.larder.store;

/**
 * What happened in a {@link Store} since it was opened, and what is in it now.
 *
 * <p>Counts are taken one after another while the store is in use, so a snapshot is exact only when the store is at rest.
 * Then
 *
 * <ul>
 *   <li>{@code hits + misses} is the number of calls to {@code get} and {@code pop};
 *   <li>{@code puts - replaced - removed - expired - evicted} is {@code size}.
 * </ul>
 *
 * @param hits reads that returned a value
 * @param misses reads that found no entry, or none that was fresh
 * @param puts entries written, each replacement too; not {@code putIfAbsent} that found one, and not {@code touch}
 * @param replaced entries that went because their key was written again
 * @param removed entries that went because somebody removed, popped or cleared them
 * @param expired entries that went because their life was over; counted when they leave, not when they expire
 * @param evicted entries that went because of the bound, one too large to be kept included
 * @param size entries now
 * @param weight what the entries weigh now, in the unit of the store's bound; 0 for a store that does not weigh
 */
public record StoreStats(
        long hits,
        long misses,
        long puts,
        long replaced,
        long removed,
        long expired,
        long evicted,
        long size,
        long weight) {

    /** Nothing happened, nothing there. */
    public static final StoreStats NONE = new StoreStats(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The share of reads that hit, from 0 to 1; 0 when there was no read. */
    public double hitRatio() {
        long reads = hits + misses;
        return reads == 0 ? 0 : (double) hits / reads;
    }

    /** The sums with those of another store. */
    public StoreStats plus(StoreStats other) {
        return new StoreStats(
                hits + other.hits,
                misses + other.misses,
                puts + other.puts,
                replaced + other.replaced,
                removed + other.removed,
                expired + other.expired,
                evicted + other.evicted,
                size + other.size,
                weight + other.weight);
    }
}
