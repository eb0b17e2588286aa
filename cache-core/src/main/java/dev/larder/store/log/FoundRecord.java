package dev.larder.store.log;

import dev.larder.store.Encryption;
import dev.larder.store.StoredEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The record of an entry that was found, with its value or the start of it. For one thread. */
final class FoundRecord {

    /** As many bytes of a value as show whether it is encrypted, and tell of a file. */
    static final int START_OF_VALUE = 66;

    private final byte[] bytes;

    private final LargeFiles large;

    private final int flags;

    private final int etagAt;

    private final int valueAt;

    private final boolean isLarge;

    FoundRecord(byte[] bytes, LargeFiles large) {
        this.bytes = bytes;
        this.large = large;
        this.flags = RecordFormat.flags(bytes, 0);
        this.etagAt = RecordFormat.HEADER + RecordFormat.keyLength(bytes, 0);
        this.valueAt = etagAt + RecordFormat.etagLength(bytes, 0);
        this.isLarge = RecordFormat.kind(bytes, 0) == RecordFormat.LARGE;
    }

    StoredEntry entry(String where, StoredEntry.Body body) throws IOException {
        long file = isLarge ? LargeFormat.length(bytes, 0) : 0;
        long size = isLarge ? Math.max(0, file - LargeFormat.fileLength(0)) : RecordFormat.valueLength(bytes, 0);
        return new StoredEntry(
                key(),
                null,
                RecordFormat.freshUntil(bytes, 0),
                RecordFormat.keptUntil(bytes, 0),
                etag(),
                size,
                RecordFormat.length(bytes, 0) + file,
                null,
                Encryption.isLikely(start(), size),
                where,
                body);
    }

    private String key() {
        return Texts.decode(
                bytes, RecordFormat.HEADER, etagAt - RecordFormat.HEADER, (flags & RecordFormat.KEY_UTF16) != 0);
    }

    private @Nullable String etag() {
        return (flags & RecordFormat.WITH_ETAG) == 0
                ? null
                : Texts.decode(bytes, etagAt, valueAt - etagAt, (flags & RecordFormat.ETAG_UTF16) != 0);
    }

    /** The first bytes of the value; none if it is gone. */
    private byte[] start() throws IOException {
        if (!isLarge) {
            return Arrays.copyOfRange(bytes, valueAt, Math.min(bytes.length, valueAt + START_OF_VALUE));
        }
        byte[] start = new byte[START_OF_VALUE];
        try (SteadyFile file = SteadyFile.read(large.path(LargeFormat.told(bytes)))) {
            return Arrays.copyOf(start, file.read(start, 0, start.length, LargeFormat.fileLength(0)));
        } catch (NoSuchFileException ex) {
            return new byte[0];
        }
    }

    /** The value of a whole record; null if it is in a file that is gone or damaged. */
    byte @Nullable [] value() throws IOException {
        return isLarge
                ? large.read(RecordFormat.hash(bytes, 0), LargeFormat.told(bytes))
                : Arrays.copyOfRange(bytes, valueAt, valueAt + RecordFormat.valueLength(bytes, 0));
    }
}
