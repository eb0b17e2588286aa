package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A segment in the making that is written in one go, footer included, and becomes part of the log only when it is whole. Not
 * preallocated: it is as long as what it holds, and its header says so.
 *
 * <p>For one thread.
 */
final class Draft {

    /** Not smaller: calls of the system would count. Not larger: it is allocated for each segment. */
    private static final int BUFFER = 256 * 1024;

    /** What a segment is longer than its records and their entries in the footer. */
    static final int OVERHEAD = SegmentHeader.LENGTH + RecordFormat.EMPTY + Records.TRAILER;

    private final SegmentHeader header;

    private final Path path;

    private final SteadyFile file;

    private final long seed;

    private final Records records = new Records();

    private final byte[] buffer = new byte[BUFFER];

    private int buffered;

    private long end = SegmentHeader.LENGTH;

    private Draft(SegmentHeader header, Path path, SteadyFile file) {
        this.header = header;
        this.path = path;
        this.file = file;
        this.seed = header.seed();
    }

    /** A new file. The first record is a START, as in every segment; it tells of no segment before, because nobody went on from one. */
    static Draft create(Path directory, SegmentHeader header) throws IOException {
        Path path = Segment.path(directory, header.number());
        Draft draft = new Draft(header, path, SteadyFile.create(path));
        try {
            draft.write(RecordFormat.start(0, 0));
        } catch (IOException | RuntimeException ex) {
            draft.discard();
            throw ex;
        }
        return draft;
    }

    int count() {
        return records.count();
    }

    /** Where the next record goes. */
    long end() {
        return end;
    }

    /** Adds a record, which is made one of this place. */
    void add(byte[] record) throws IOException {
        long offset = end;
        write(record);
        records.add(record, 0, RecordFormat.kind(record, 0), offset);
    }

    private void write(byte[] record) throws IOException {
        int length = (int) RecordFormat.length(record, 0);
        RecordFormat.finish(record, seed, end, records.sequence + 1, 0);
        if (buffered + length > BUFFER) {
            flush();
        }
        if (length > BUFFER) {
            file.write(record, 0, length, end);
        } else {
            System.arraycopy(record, 0, buffer, buffered, length);
            buffered += length;
        }
        records.sequence++;
        end += length;
    }

    private void flush() throws IOException {
        file.write(buffer, 0, buffered, end - buffered);
        buffered = 0;
    }

    /**
     * Makes it a segment.
     *
     * @param durable whether it has to survive a loss of power
     */
    Segment finish(int slot, Readers readers, boolean durable) throws IOException {
        flush();
        records.end = end;
        byte[] footer = records.footer(seed);
        file.write(footer, 0, footer.length, end);
        long length = end + footer.length;
        SegmentHeader whole = new SegmentHeader(
                header.store(), header.number(), header.salt(), header.epoch(), header.created(), length);
        file.write(whole.encode(), 0, SegmentHeader.LENGTH, 0);
        if (durable) {
            file.force();
        }
        file.close();
        Segment made = Segment.recovered(path, whole, slot, length, records, true, readers);
        made.count(records);
        if (durable) {
            made.setForced();
        }
        return made;
    }

    /** Deletes it; what cannot be deleted is no part of the log. */
    void discard() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException ex) {
            // Left over, and deleted when the store is opened the next time.
        }
    }
}
