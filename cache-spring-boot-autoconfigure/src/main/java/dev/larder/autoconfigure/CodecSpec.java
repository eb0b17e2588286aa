package dev.larder.autoconfigure;

import dev.larder.store.Compression;
import org.jspecify.annotations.Nullable;

/**
 * How values become bytes.
 *
 * @param key what the settings are under, such as {@code larder.caches.quotes}
 * @param name what {@link ValueCodecs} knows it by
 * @param valueType null for what the methods of the cache return
 * @param compressionType the name of the compression
 * @param compression null for none
 * @param threshold the fewest bytes that are compressed
 */
record CodecSpec(
        String key,
        String name,
        @Nullable String valueType,
        CompressionType compressionType,
        @Nullable Compression compression,
        int threshold) {

    boolean isFile() {
        return name.equals(ValueCodecs.FILE);
    }

    /** What entries on disk say about how they were encoded. */
    String label() {
        return compression == null ? name : name + "+" + compressionType;
    }
}
