package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file of records. It is written by one thread at a time, and read by many; once written, its bytes do not change until it is
 * dropped as a whole.
 */
final class Segment {

    final SegmentHeader header;

    /** By which the index calls it. */
    final int slot;

    final Path path;

    final long seed;

    /** Bytes of the records that the index points to, as {@link LengthCode} has them, without the files they tell of. */
    final AtomicLong live = new AtomicLong();

    private final Readers readers;

    /** Where the next record goes, and where the records end when nothing is written any more. */
    private volatile long end = SegmentHeader.LENGTH;

    /** Records apart from the first, which is no entry of the footer. */
    private volatile int count;

    private volatile long fileLength;

    /** Bytes of files that records tell of, as they were written. */
    private volatile long large;

    /** Bytes of tombstones: dead, but they have to be carried on as long as there are older segments. */
    private volatile long tombstones;

    /** Whether there is a footer. */
    private volatile boolean sealed;

    private volatile @Nullable Reader reader;

    private @Nullable SteadyFile writer;

    private boolean dropped;

    /** One thread at a time syncs, lest one succeeds because another was told of the failure. */
    private final Object forcing = new Object();

    /** Up to where the records were synced. */
    private volatile long syncedEnd = SegmentHeader.LENGTH;

    /** Whether all of it was synced, with its footer. */
    private volatile boolean forced;

    /** Whether a sync failed: then nobody relies on a later one, because the system may have forgotten what it could not write. */
    private volatile boolean failed;

    private Segment(SegmentHeader header, int slot, Path path, long fileLength, Readers readers) {
        this.header = header;
        this.slot = slot;
        this.path = path;
        this.seed = header.seed();
        this.fileLength = fileLength;
        this.readers = readers;
    }

    static Path path(Path directory, long number) {
        return directory.resolve(number + ".seg");
    }

    /** A new file, as long as it may get, so that it can be mapped once and for all. It takes no room on the disk yet. */
    static Segment create(Path directory, SegmentHeader header, int slot, Readers readers) throws IOException {
        Path path = path(directory, header.number());
        SteadyFile writer = SteadyFile.create(path);
        try {
            writer.write(new byte[1], 0, 1, header.capacity() - 1);
            writer.write(header.encode(), 0, SegmentHeader.LENGTH, 0);
        } catch (IOException | RuntimeException ex) {
            writer.close();
            Files.deleteIfExists(path);
            throw ex;
        }
        Segment segment = new Segment(header, slot, path, header.capacity(), readers);
        segment.writer = writer;
        return segment;
    }

    /** A file that an earlier process wrote, with what was found in it. */
    static Segment recovered(
            Path path,
            SegmentHeader header,
            int slot,
            long fileLength,
            Records records,
            boolean sealed,
            Readers readers) {
        Segment segment = new Segment(header, slot, path, fileLength, readers);
        segment.end = records.end;
        segment.count = records.count();
        segment.sealed = sealed;
        return segment;
    }

    long number() {
        return header.number();
    }

    long end() {
        return end;
    }

    int count() {
        return count;
    }

    long fileLength() {
        return fileLength;
    }

    boolean isSealed() {
        return sealed;
    }

    /** Whether there is room for a record of this length, and for a footer. Files that records tell of fill a segment, too. */
    boolean hasRoom(long length) {
        return end + length + large + Records.footerLength(count + 1L) <= header.capacity() || count == 0;
    }

    /** Counts the bytes of tombstones. One thread at a time. */
    void addTombstones(long length) {
        long others = tombstones;
        tombstones = others + length;
    }

    /** Counts the tombstones, and the files that are told of, among records that are there from the beginning. */
    void count(Records records) {
        addTombstones(records.tombstones());
        addLarge(records.files());
    }

    /** Bytes of tombstones. */
    long tombstones() {
        return tombstones;
    }

    /** Bytes of records that have to be carried on as long as there are older segments. */
    long kept() {
        return live.get() + tombstones;
    }

    /** Which share of the records may be forgotten; that of the oldest segment includes tombstones. */
    double deadShare(boolean oldest) {
        long kept = oldest ? live.get() : kept();
        return 1 - (double) kept / Math.max(1, recordBytes());
    }

    /** Bytes of records, without the one that each segment begins with. */
    long recordBytes() {
        return Math.max(0, end - SegmentHeader.LENGTH - RecordFormat.EMPTY);
    }

    /** Counts the bytes of a file that a record of this segment tells of. */
    void addLarge(long length) {
        long others = large;
        large = others + length;
    }

    /** The length of the file, and of those that records tell of. */
    long weight() {
        return fileLength + large;
    }

    /** Writes a record at the end. One thread at a time. */
    void append(byte[] record, int length, boolean counted) throws IOException {
        SteadyFile file = writer;
        if (file == null) {
            throw new IOException("Segment '%s' is no longer written".formatted(path));
        }
        long offset = end;
        try {
            file.write(record, 0, length, offset);
        } catch (IOException | RuntimeException ex) {
            if (!isThere(file, record, length, offset)) {
                throw ex;
            }
            // Who opens the file the next time finds it, so it has to count now, and hide what is older, or be removed.
        }
        if (counted) {
            int others = count;
            count = others + 1;
        }
        end = offset + length;
    }

    /** Whether all was written of a record though there was an error; if that cannot be told, it was not. */
    private static boolean isThere(SteadyFile file, byte[] record, int length, long offset) {
        byte[] there = new byte[length];
        try {
            return file.read(there, 0, length, offset) == length && Arrays.equals(there, 0, length, record, 0, length);
        } catch (IOException | RuntimeException ex) {
            return false;
        }
    }

    /** Reads the record at this offset; with its value if {@code whole}, and then its checksum is checked. */
    Outcome read(Scratch scratch, long offset, boolean whole) throws IOException {
        Reader open = open();
        if (open == null || !open.pin(scratch.stripe())) {
            return Outcome.GONE;
        }
        try {
            Outcome outcome = RecordReader.read(open, this, scratch, offset, whole);
            if (outcome == Outcome.DAMAGED && open.isMapped()) {
                Reader.settle();
                return readAgain(open, scratch, offset, whole);
            }
            return outcome;
        } catch (InternalError ex) {
            throw new IOException("Segment '%s' was cut".formatted(path), ex);
        } finally {
            open.unpin(scratch.stripe());
        }
    }

    /** Reads the file itself before a record is taken for damaged. */
    private Outcome readAgain(Reader open, Scratch scratch, long offset, boolean whole) throws IOException {
        Reader file = open.unmapped();
        try {
            return RecordReader.read(file, this, scratch, offset, whole);
        } finally {
            file.close();
        }
    }

    /** Until when the record at this offset is kept, by what its header says; {@link Long#MIN_VALUE} if that cannot be read. */
    long keptUntil(Scratch scratch, long offset) {
        byte[] header = new byte[RecordFormat.HEADER];
        return readHeader(scratch, offset, header) ? RecordFormat.keptUntil(header, 0) : Long.MIN_VALUE;
    }

    /** The same for how long it is fresh. */
    long freshUntil(Scratch scratch, long offset) {
        byte[] header = new byte[RecordFormat.HEADER];
        return readHeader(scratch, offset, header) ? RecordFormat.freshUntil(header, 0) : Long.MIN_VALUE;
    }

    private boolean readHeader(Scratch scratch, long offset, byte[] header) {
        return copy(scratch, offset, header) && settled(RecordFormat.isHeader(header, 0, seed, offset));
    }

    /** The record at this offset; null if it cannot be read, or is damaged. */
    byte @Nullable [] record(Scratch scratch, long offset) {
        byte[] header = new byte[RecordFormat.HEADER];
        if (!readHeader(scratch, offset, header)) {
            return null;
        }
        byte[] record = new byte[(int) RecordFormat.length(header, 0)];
        return copy(scratch, offset, record) && settled(RecordFormat.isIntact(record, 0, seed, offset)) ? record : null;
    }

    /** The same; if what was read is not as it was written, an error of a map may be the cause. */
    private static boolean settled(boolean intact) {
        if (!intact) {
            try {
                Reader.settle();
            } catch (InternalError ex) {
                return false;
            }
        }
        return intact;
    }

    /** Fills the bytes with those at this offset. */
    private boolean copy(Scratch scratch, long offset, byte[] bytes) {
        while (true) {
            try {
                Reader open = open();
                if (open == null) {
                    return false;
                }
                if (open.pin(scratch.stripe())) {
                    try {
                        return open.copy(offset, bytes, 0, bytes.length);
                    } finally {
                        open.unpin(scratch.stripe());
                    }
                }
            } catch (IOException | InternalError ex) {
                return false;
            }
        }
    }

    private @Nullable Reader open() throws IOException {
        Reader known = reader;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            if (dropped) {
                return null;
            }
            known = reader;
            if (known != null) {
                return known;
            }
            known = Reader.open(path, sealed ? end : fileLength);
            reader = known;
        }
        readers.opened(this);
        return known;
    }

    /** Lets go of what readers need; the next one opens it again. Must not be called by one who reads. */
    void closeReader() throws IOException {
        Reader open;
        synchronized (this) {
            open = reader;
            reader = null;
        }
        if (open != null) {
            open.close();
        }
    }

    /** What is in a segment that is no longer written. */
    Records records() throws IOException {
        try (SteadyFile file = SteadyFile.read(path)) {
            Records footer = sealed ? Records.read(file, seed) : null;
            return footer != null ? footer : Walk.known(file, seed, end).records;
        }
    }

    /** Writes the footer, and gives back what is behind it. Nothing may be appended afterwards. */
    void seal() throws IOException {
        try (SteadyFile file = SteadyFile.write(path)) {
            Records records = Walk.known(file, seed, end).records;
            if (records.end != end) {
                return; // damaged: whoever needs to know what is in here finds out
            }
            byte[] footer = records.footer(seed);
            file.write(footer, 0, footer.length, end);
            file.truncate(end + footer.length);
            fileLength = end + footer.length;
            sealed = true;
        }
        stopWriting();
    }

    void stopWriting() throws IOException {
        SteadyFile file = writer;
        writer = null;
        if (file != null) {
            file.close();
        }
    }

    /**
     * Makes what was written so far survive a loss of power.
     *
     * @throws IOException also if it failed before, because the system may have forgotten what it could not write
     */
    void force() throws IOException {
        synchronized (forcing) {
            if (failed) {
                throw new IOException("Segment '%s' could not be synced before".formatted(path));
            }
            boolean whole = sealed;
            long written = end;
            try (SteadyFile file = SteadyFile.write(path)) {
                file.force();
            } catch (NoSuchFileException ex) {
                throw ex;
            } catch (IOException | RuntimeException ex) {
                failed = true;
                throw ex;
            }
            syncedEnd = written;
            forced = whole;
        }
    }

    /** Up to where the records were synced. */
    long syncedEnd() {
        return syncedEnd;
    }

    /** Whether nothing of it has to be synced any more. */
    boolean isForced() {
        return forced;
    }

    /** Whether some of it was synced, so that what it replaced may have gone in return. */
    boolean isReliable() {
        return syncedEnd > SegmentHeader.LENGTH;
    }

    /** Whether it could not be synced. */
    boolean hasFailed() {
        return failed;
    }

    /** Says that all records are on disk. */
    void setSynced() {
        syncedEnd = end;
    }

    /** Says that all of it was synced when it was written. */
    void setForced() {
        setSynced();
        forced = true;
    }

    /** Deletes the file, when nobody reads it any more. Its room on the disk is free at once. */
    void drop() throws IOException {
        synchronized (this) {
            dropped = true;
        }
        readers.dropped(this);
        closeReader();
        stopWriting();
        try (SteadyFile file = SteadyFile.write(path)) {
            file.truncate(0);
        } catch (NoSuchFileException ex) {
            return;
        } finally {
            Files.deleteIfExists(path);
        }
    }
}
