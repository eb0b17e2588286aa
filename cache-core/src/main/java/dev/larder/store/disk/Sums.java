package dev.larder.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a process adds up in its {@link Ledger}.
 *
 * <pre>
 *  0  8 bytes  {@code "LARDERL1"}
 *  8  8 bytes  entries
 * 16  8 bytes  bytes
 * 24  8 bytes  changes           each of the numbers big-endian
 * 32  8 bytes  traffic
 * </pre>
 *
 * <p>Immutable.
 *
 * @param entries that it added, less those that it removed; may be negative
 * @param bytes that it added, less those that it removed; may be negative
 * @param changes how many entries it added, removed or replaced
 * @param traffic how many bytes it added or removed
 */
record Sums(long entries, long bytes, long changes, long traffic) {

    static final Sums NONE = new Sums(0, 0, 0, 0);

    private static final long MAGIC = 0x4c41524445524c31L;

    private static final int LENGTH = 40;

    /** Null if the file vanished, or is none of a ledger. */
    static @Nullable Sums read(Path file) throws IOException {
        ByteBuffer content;
        try {
            content = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (NoSuchFileException ex) {
            return null;
        }
        return content.remaining() == LENGTH && content.getLong() == MAGIC
                ? new Sums(content.getLong(), content.getLong(), content.getLong(), content.getLong())
                : null;
    }

    ByteBuffer toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(MAGIC)
                .putLong(entries)
                .putLong(bytes)
                .putLong(changes)
                .putLong(traffic)
                .flip();
    }

    Sums plus(Sums other) {
        return new Sums(entries + other.entries, bytes + other.bytes, changes + other.changes, traffic + other.traffic);
    }

    Sums minus(Sums other) {
        return new Sums(entries - other.entries, bytes - other.bytes, changes - other.changes, traffic - other.traffic);
    }
}
