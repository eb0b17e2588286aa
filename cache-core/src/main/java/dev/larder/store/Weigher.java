package dev.larder.store;

/**
 * Weighs an entry for a bound by weight.
 *
 * <p>Called once for each entry written, outside of any lock, on the thread that writes. The weight is fixed from then
 * on, also if the value changes.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface Weigher<K, V> {

    /**
     * The weight of an entry, in the unit of the bound: bytes, rows, whatever the bound counts.
     *
     * @return 0 or more; 0 for an entry that does not count
     */
    int weigh(K key, V value);
}
