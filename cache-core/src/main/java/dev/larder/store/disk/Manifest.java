package dev.larder.store.disk;

import org.jspecify.annotations.Nullable;

/**
 * What the first line of an entry's file says, as {@link ManifestFormat} reads it. Immutable.
 *
 * @param freshUntil as in {@link dev.larder.store.Entry#freshUntil}
 * @param keptUntil as in {@link dev.larder.store.Entry#keptUntil}
 * @param size the length of the body, in bytes
 * @param crc the CRC32C of the body
 * @param body the name of the file that is the body, or null if the body follows the line
 * @param length of the line with its end, in bytes
 * @param lifeAt where in the line the life begins; what is before stays the same as long as the entry is there
 * @param head the line up to there, if the store encrypts; otherwise empty
 * @param isReadable whether the store that read it can read the body: it has the right codec and is encrypted, or not, as
 *     the store wants
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Manifest(
        long freshUntil,
        long keptUntil,
        @Nullable String etag,
        long size,
        int crc,
        @Nullable String body,
        int length,
        int lifeAt,
        byte[] head,
        boolean isReadable) {

    /** How much of the disk the entry takes, in bytes. */
    long bytes() {
        return length + size;
    }
}
