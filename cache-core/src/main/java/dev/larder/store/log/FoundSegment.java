package dev.larder.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A segment, to be looked at, whoever is writing to it. For one thread. */
final class FoundSegment implements Closeable {

    /** A record that is just being written is whole the next time. On a busy machine its writer may have to wait for a processor first. */
    static final int LOOKS = 20;

    static final long BETWEEN_LOOKS_NANOS = 10_000_000;

    final long number;

    final String name;

    final Records records;

    final Walk.Previous previous;

    final long length;

    /** What is wrong with the whole of it; null if nothing is. */
    final @Nullable String damage;

    /** Whether no record was damaged that may just have been written. */
    private final boolean isSettled;

    private final SteadyFile file;

    private final long seed;

    private FoundSegment(
            String name,
            SteadyFile file,
            SegmentHeader header,
            Records records,
            Walk.Previous previous,
            boolean isSettled,
            @Nullable String damage)
            throws IOException {
        this.number = header.number();
        this.name = name;
        this.file = file;
        this.seed = header.seed();
        this.records = records;
        this.previous = previous;
        this.length = file.length();
        this.isSettled = isSettled;
        this.damage = damage;
    }

    /**
     * Looks at a segment that the state lists.
     *
     * @param directory of the log
     * @param root where its name is relative to
     * @throws NoSuchFileException if it is gone
     * @throws DamagedFileException if it is none of this log
     */
    static FoundSegment open(Path directory, Path root, State state, long number) throws IOException {
        Path path = Segment.path(ShardDirectory.segments(directory), number);
        String name = root.relativize(path).toString();
        SteadyFile file = SteadyFile.read(path);
        try {
            return open(name, file, state, number);
        } catch (IOException | RuntimeException ex) {
            file.close();
            throw ex;
        }
    }

    private static FoundSegment open(String name, SteadyFile file, State state, long number) throws IOException {
        byte[] bytes = new byte[SegmentHeader.LENGTH];
        if (file.read(bytes, 0, bytes.length, 0) < bytes.length) {
            throw file.length() == 0 ? new NoSuchFileException(name) : new DamagedFileException("A header that is cut");
        }
        SegmentHeader header = SegmentHeader.decode(bytes);
        if (header == null) {
            throw new DamagedFileException("A damaged header, or one of a later version");
        }
        if (header.store() != state.store() || header.number() != number || header.epoch() != state.epoch()) {
            throw new DamagedFileException("A segment of another log");
        }
        for (int look = 1; ; look++) {
            FoundSegment segment = look(name, file, header);
            if ((segment.damage == null && segment.isSettled) || look == LOOKS) {
                return segment;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    private static FoundSegment look(String name, SteadyFile file, SegmentHeader header) throws IOException {
        Records footer = Records.read(file, header.seed());
        if (footer != null) {
            return new FoundSegment(name, file, header, footer, Walk.Previous.read(file, header.seed()), true, null);
        }
        Walk walk = Walk.unknown(file, header.seed(), header.capacity());
        String damage = null;
        if (file.length() < header.capacity()) {
            damage = "Neither a footer that is whole, nor the length that it has without";
        } else if (!walk.endsInNothing) {
            damage = "No record follows at %d, but the bytes there are not zero".formatted(walk.records.end);
        }
        return new FoundSegment(name, file, header, walk.records, walk.previous, walk.unsyncedDamage == 0, damage);
    }

    /** The header, key and etag of a record, and the first bytes of its value; null if there is none. */
    byte @Nullable [] start(long offset, int ofValue) throws IOException {
        byte[] header = new byte[RecordFormat.HEADER];
        if (!readHeader(header, offset)) {
            return null;
        }
        int length = RecordFormat.HEADER
                + RecordFormat.keyLength(header, 0)
                + RecordFormat.etagLength(header, 0)
                + Math.min(ofValue, RecordFormat.valueLength(header, 0));
        byte[] bytes = new byte[length];
        return file.read(bytes, 0, length, offset) == length ? bytes : null;
    }

    private boolean readHeader(byte[] header, long offset) throws IOException {
        return file.read(header, 0, header.length, offset) == header.length
                && RecordFormat.isHeader(header, 0, seed, offset)
                && RecordFormat.length(header, 0) <= length - offset;
    }

    /** Whether what fills a whole record up is as it was written; readers do not need it, and no checksum covers it. */
    static boolean isPadded(byte[] record) {
        int at = RecordFormat.HEADER
                + RecordFormat.keyLength(record, 0)
                + RecordFormat.etagLength(record, 0)
                + RecordFormat.valueLength(record, 0);
        while (at < record.length && record[at] == -1) {
            at++;
        }
        return at == record.length;
    }

    /** A whole record; null if there is none, or it is not as it was written. */
    byte @Nullable [] record(long offset) throws IOException {
        byte[] header = new byte[RecordFormat.HEADER];
        if (!readHeader(header, offset)) {
            return null;
        }
        byte[] bytes = new byte[(int) RecordFormat.length(header, 0)];
        return file.read(bytes, 0, bytes.length, offset) == bytes.length
                        && RecordFormat.isIntact(bytes, 0, seed, offset)
                ? bytes
                : null;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
