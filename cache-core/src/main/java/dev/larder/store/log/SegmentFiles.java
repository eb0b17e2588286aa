package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files of a log's segments: makes and deletes them, knows how long they all are, and gives each segment the slot by which the index
 * calls it. Which of them are part of the log is up to {@link Log}.
 *
 * <p>Anybody may ask; whoever changes something holds {@link Log#structure}.
 */
final class SegmentFiles {

    private final Path directory;

    private final Path segmentsDirectory;

    private final long store;

    private final Settings settings;

    private final Readers readers;

    private final InstantSource clock;

    private final Failures failures;

    /** Kept: finding it reads the list of all that is mounted. */
    private @Nullable FileStore fileStore;

    /** The lengths of all of them. */
    private final AtomicLong bytes = new AtomicLong();

    /** Replaced when it gets too small. */
    private volatile @Nullable Segment[] bySlot = new @Nullable Segment[16];

    private int lastSlot;

    SegmentFiles(
            Path directory, long store, Settings settings, Readers readers, InstantSource clock, Failures failures) {
        this.directory = directory;
        this.segmentsDirectory = ShardDirectory.segments(directory);
        this.store = store;
        this.settings = settings;
        this.readers = readers;
        this.clock = clock;
        this.failures = failures;
    }

    long bytes() {
        return bytes.get();
    }

    /** The segment in a slot; null if it was dropped. */
    @Nullable
    Segment at(int slot) {
        @Nullable Segment[] known = bySlot;
        return slot < known.length ? known[slot] : null;
    }

    /**
     * A slot for a segment that is about to be.
     *
     * @throws IOException if there is none left
     */
    int freeSlot() throws IOException {
        @Nullable Segment[] known = bySlot;
        int taken = 0;
        for (@Nullable Segment segment : known) {
            taken += segment == null ? 0 : 1;
        }
        if (taken * 2 >= known.length && known.length < Place.MAX_SEGMENTS) {
            bySlot = Arrays.copyOf(known, known.length * 2);
        }
        for (int i = 0; i < bySlot.length; i++) {
            lastSlot = (lastSlot + 1) % bySlot.length;
            if (bySlot[lastSlot] == null) {
                return lastSlot;
            }
        }
        throw new IOException("There are %d segments, and cannot be more".formatted(Place.MAX_SEGMENTS));
    }

    /** Takes the slot of a segment that has a file. */
    void add(Segment segment) {
        bySlot[segment.slot] = segment;
        bytes.addAndGet(segment.fileLength());
    }

    /**
     * Makes sure that the disk has room for another segment.
     *
     * @throws IOException if it has not
     */
    void checkSpace() throws IOException {
        if (usable() - settings.segmentSize() < settings.minFree()) {
            throw new IOException("Less than %d bytes would be left free on the disk".formatted(settings.minFree()));
        }
    }

    /** How many bytes the file system has left; very many if it does not say. */
    private long usable() {
        try {
            FileStore known = fileStore;
            if (known == null) {
                known = Files.getFileStore(directory);
                fileStore = known;
            }
            return known.getUsableSpace();
        } catch (IOException | UnsupportedOperationException ex) {
            return Long.MAX_VALUE;
        }
    }

    /** Makes a segment to be written to, which is as long as it may get. */
    Segment create(int slot, long number, long epoch) throws IOException {
        Directories.create(segmentsDirectory);
        SegmentHeader header = header(number, epoch, settings.segmentSize());
        Segment made = Segment.create(segmentsDirectory, header, slot, readers);
        add(made);
        if (settings.syncs()) {
            try {
                made.force();
                forceNames();
            } catch (IOException | RuntimeException ex) {
                delete(made);
                throw ex;
            }
        }
        return made;
    }

    /** Begins a segment that is written in one go. */
    Draft draft(long number, long epoch) throws IOException {
        Directories.create(segmentsDirectory);
        return Draft.create(segmentsDirectory, header(number, epoch, 0));
    }

    private SegmentHeader header(long number, long epoch, long capacity) {
        return new SegmentHeader(store, number, new SecureRandom().nextLong(), epoch, clock.millis(), capacity);
    }

    /** Makes a draft a segment, which is not yet part of the log. */
    Segment finish(Draft draft, boolean durable) throws IOException {
        Segment made = draft.finish(freeSlot(), readers, durable);
        if (durable) {
            forceNames();
        }
        add(made);
        return made;
    }

    /** Syncs which files there are. */
    void forceNames() throws IOException {
        Directories.force(segmentsDirectory);
    }

    /** Writes the footer of a segment, and gives back what is behind it. */
    void seal(Segment segment) {
        long before = segment.fileLength();
        try {
            segment.seal();
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
        bytes.addAndGet(segment.fileLength() - before);
    }

    /** Deletes the file of a segment that is not part of the log, and frees its slot. */
    void delete(Segment segment) {
        bySlot[segment.slot] = null;
        bytes.addAndGet(-segment.fileLength());
        try {
            segment.drop();
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
        }
    }

    /** Lets go of what a segment has open. */
    void close(Segment segment) {
        try {
            segment.closeReader();
            segment.stopWriting();
        } catch (IOException | RuntimeException ex) {
            failures.report("close", ex);
        }
    }
}
