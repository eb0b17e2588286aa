package dev.larder.store.log;

/**
 * Turns a key, as it stands in records, into the hash that stands for it in the {@link Index}.
 *
 * <p>Thread-safe. A store's hashes are on disk: they never change.
 */
@FunctionalInterface
interface KeyHash {

    /** The hash of a key; its low {@link Partition#HASH_BITS} bits are what the index tells keys apart by. */
    long of(byte[] bytes, int from, int length);

    /** The hash of a key. */
    default long of(byte[] key) {
        return of(key, 0, key.length);
    }
}
