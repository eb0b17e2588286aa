package dev.larder.autoconfigure;

import java.util.Locale;

/** How encoded values are compressed: the values of {@code compression}. */
enum CompressionType {

    /** Not at all. */
    NONE,

    /** By the JDK. */
    DEFLATE,

    /** By LZ4, which is the fastest. */
    LZ4,

    /** By Zstandard, which is nearly as fast and makes less. */
    ZSTD;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
