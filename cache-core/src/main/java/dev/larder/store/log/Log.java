package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sequence of segments that records are appended to, and the {@link State} that lists them.
 *
 * <p>Thread-safe by two locks, of which {@link #structure} is taken first: it guards which segments there are, and is held while files are
 * made and deleted. {@link #appends} guards the end of the log, and is held for one record at a time.
 */
final class Log {

    /**
     * From one segment that callers write to the next. The numbers between are for those that are rewritten, which come right before the
     * one that is written to at the time. Not fewer: a store at rest may compact many before it goes on. Not more: numbers must last.
     */
    static final long STEP = 1 << 16;

    /** How late it may get before that is noted. Not shorter: it is a file each time. Not longer: clocks are set back by more. */
    private static final long TIME_MILLIS = 10_000;

    private static final Pattern SEGMENT = Pattern.compile("[0-9]{1,18}\\.seg");

    final ReentrantLock structure = new ReentrantLock();

    final AppendLock appends = new AppendLock();

    final long store;

    private final Path directory;

    private final Path segmentsDirectory;

    private final Settings settings;

    private final Readers readers;

    private final InstantSource clock;

    private final Failures failures;

    /** Kept: finding it reads the list of all that is mounted. */
    private @Nullable FileStore fileStore;

    private final SecureRandom random = new SecureRandom();

    /** The lengths of all segments' files. */
    private final AtomicLong bytes = new AtomicLong();

    private final AtomicLong written = new AtomicLong();

    private final AtomicLong moved = new AtomicLong();

    /** By their slots; replaced when it gets too small. */
    private volatile @Nullable Segment[] bySlot = new @Nullable Segment[16];

    /** Those listed in the state, ascending by number, the active and the spare one included. Replaced as a whole. */
    private volatile List<Segment> segments = List.of();

    /** What a clear left, to be deleted. Guarded by {@link #structure}. */
    private final Queue<Segment> doomed = new ArrayDeque<>();

    /** Those of which the state on disk may or may not tell, because it was not written well: deleted when it is. */
    private final Queue<Segment> undecided = new ArrayDeque<>();

    /** The same of a segment in reserve: it is what the next one is made of. */
    private @Nullable Segment undecidedSpare;

    /** Those that are full, and have no footer yet. Guarded by {@link #appends}. */
    private final Queue<Segment> unsealed = new ArrayDeque<>();

    private long epoch;

    private long next;

    /** The number of the last segment that was rewritten. */
    private long rewritten;

    /** What has a smaller number was there when the log was opened. */
    private final long firstOwn;

    private long latest;

    private int lastSlot;

    /** Whether the state on disk lists segments that are none any more: then the background writes it as soon as it can. */
    private boolean owed;

    /** Up to which number segments were synced as a whole, and the next one tells where the last of them ends. */
    private long synced;

    private @Nullable Segment active;

    private @Nullable Segment spare;

    /** The last segment that was written to. */
    private @Nullable Segment previous;

    private long sequence;

    Log(Path directory, State state, Settings settings, Readers readers, InstantSource clock, Failures failures) {
        this.directory = directory;
        this.segmentsDirectory = segmentsDirectory(directory);
        this.store = state.store();
        this.epoch = state.epoch();
        this.next = state.next();
        this.firstOwn = state.next();
        this.latest = state.time();
        this.synced = state.synced();
        this.settings = settings;
        this.readers = readers;
        this.clock = clock;
        this.failures = failures;
    }

    static Path segmentsDirectory(Path directory) {
        return directory.resolve("segments");
    }

    /** Moves aside what is where a log has its files, and is none of them. */
    static void makeWay(Path directory) throws IOException {
        Directories.makeWayForDirectory(directory);
        Directories.create(directory);
        State.makeWay(directory);
        Directories.makeWayForDirectory(segmentsDirectory(directory));
        Directories.makeWayForDirectory(largeDirectory(directory));
    }

    /** Deletes a log that nobody has open: first what makes it one. */
    static void delete(Path directory) throws IOException {
        State.delete(directory);
        deleteSegments(segmentsDirectory(directory), Set.of());
        Directories.deleteIfEmpty(segmentsDirectory(directory));
        LargeFiles large = new LargeFiles(largeDirectory(directory), 0);
        large.deleteUnknown(Set.of(), true);
        Directories.deleteIfEmpty(largeDirectory(directory));
        Directories.deleteIfEmpty(directory);
    }

    /** Deletes the segments of a directory apart from these. */
    static void deleteSegments(Path segments, Set<Path> others) throws IOException {
        for (Path path : Directories.list(segments)) {
            if (!others.contains(path)
                    && SEGMENT.matcher(Directories.name(path)).matches()) {
                Directories.deleteFile(path);
            }
        }
    }

    static Path largeDirectory(Path directory) {
        return directory.resolve("large");
    }

    Settings settings() {
        return settings;
    }

    long bytes() {
        return bytes.get();
    }

    long written() {
        return written.get();
    }

    /** Bytes that were written to move an entry. */
    long moved() {
        return moved.get();
    }

    void addMoved(long count) {
        moved.addAndGet(count);
    }

    void addWritten(long count) {
        written.addAndGet(count);
    }

    /** Bytes of the records that the index points to. */
    long live() {
        return segments.stream().mapToLong(segment -> segment.live.get()).sum();
    }

    /** Segments that are listed, ascending by number. */
    List<Segment> segments() {
        return segments;
    }

    /** The segment in a slot; null if it was dropped. */
    @Nullable
    Segment at(int slot) {
        @Nullable Segment[] known = bySlot;
        return slot < known.length ? known[slot] : null;
    }

    /** Makes segments that were found on disk part of the log, before it is used. They are ascending by number. */
    void adopt(List<Segment> found, long lastSequence) {
        segments = List.copyOf(found);
        sequence = lastSequence;
        for (Segment segment : found) {
            bytes.addAndGet(segment.fileLength());
            previous = segment;
            if (!segment.isSealed()) {
                unsealed.add(segment);
            }
        }
    }

    /** A slot for a segment that is about to be. With {@link #structure}, or before the log is used. */
    int takeSlot() {
        @Nullable Segment[] known = bySlot;
        long taken = Arrays.stream(known).filter(segment -> segment != null).count();
        if (taken * 2 >= known.length && known.length < Place.MAX_SEGMENTS) {
            bySlot = Arrays.copyOf(known, known.length * 2);
        }
        for (int i = 0; i < bySlot.length; i++) {
            lastSlot = (lastSlot + 1) % bySlot.length;
            if (bySlot[lastSlot] == null) {
                return lastSlot;
            }
        }
        return -1;
    }

    void setSlot(Segment segment) {
        bySlot[segment.slot] = segment;
    }

    /**
     * Makes sure that a record of this length can be appended, as long as {@link #appends} is held.
     *
     * @return false if there is no segment for it: then one has to be {@linkplain #makeSpare made}
     */
    boolean reserve(long length) throws IOException {
        if (active != null && active.hasRoom(length)) {
            return true;
        }
        if (spare == null) {
            return false;
        }
        roll();
        return true;
    }

    /** Whether there is a segment in reserve. With {@link #appends}. */
    boolean hasSpare() {
        return spare != null;
    }

    /** Goes on in the spare segment. Its first record tells where the segment before ends. */
    void roll() throws IOException {
        Segment to = spare;
        if (to == null) {
            throw new IOException("There is no segment in reserve");
        }
        leave();
        spare = null;
        byte[] start =
                previous == null ? RecordFormat.start(0, 0) : RecordFormat.start(previous.number(), previous.end());
        RecordFormat.finish(start, to.seed, to.end(), sequence + 1, 0);
        previous = to;
        try {
            to.append(start, start.length, false);
        } catch (IOException ex) {
            unsealed.add(to);
            throw ex;
        }
        sequence++;
        written.addAndGet(start.length);
        active = to;
    }

    /** Writes no more to the active segment. With {@link #appends}. */
    void leave() {
        if (active != null) {
            unsealed.add(active);
            active = null;
        }
    }

    /**
     * Appends a record for which there is {@linkplain #reserve room}. With {@link #appends}.
     *
     * @param record described; the rest is filled in
     * @return its place
     * @throws IOException if it could not be written; the segment is left
     */
    long append(byte[] record) throws IOException {
        Segment to = active();
        long offset = to.end();
        int length = (int) RecordFormat.length(record, 0);
        RecordFormat.finish(record, to.seed, offset, sequence + 1, to.syncedEnd());
        try {
            to.append(record, length, true);
        } catch (IOException | RuntimeException ex) {
            leave();
            throw ex;
        }
        if (RecordFormat.kind(record, 0) == RecordFormat.TOMBSTONE) {
            to.addTombstone(length);
        }
        sequence++;
        written.addAndGet(length);
        return Place.of(to.slot, offset);
    }

    /** The segment that is written to. With {@link #appends}, when there is room. */
    Segment active() {
        Segment to = active;
        if (to == null) {
            throw new IllegalStateException("No room was reserved");
        }
        return to;
    }

    /**
     * Syncs all segments but these, so that what replaced their records is there when they are gone; and the footers of others, since the
     * segment that tells where another ends may be one of them.
     */
    void forceOthers(List<Segment> going) throws IOException {
        for (Segment segment : segments) {
            if (!going.contains(segment) && !segment.isForced() && segment.end() > SegmentHeader.LENGTH) {
                segment.force();
            }
        }
        if (!settings.syncs()) {
            Directories.force(segmentsDirectory);
        }
    }

    /** Makes all that was written survive a loss of power, in a log that does not sync. */
    void settle() throws IOException {
        structure.lock();
        try {
            forceOthers(List.of());
            writeState(true);
        } finally {
            structure.unlock();
        }
    }

    /** Up to which number segments were synced as a whole; the one after them, too, as far as it tells where they end. */
    private long synced() {
        for (Segment segment : segments) {
            if (segment.end() == SegmentHeader.LENGTH) {
                continue;
            }
            if (!segment.isReliable()) {
                break;
            }
            synced = Math.max(synced, segment.number() - 1);
            if (segment.syncedEnd() < segment.end()) {
                break;
            }
        }
        return synced;
    }

    /** The segments that could not be synced, which are not written any more. With {@link #structure}. */
    List<Segment> failed() {
        List<Segment> failed = segments.stream().filter(Segment::hasFailed).toList();
        appends.lock();
        try {
            if (failed.contains(active)) {
                leave();
            }
        } finally {
            appends.unlock();
        }
        return failed;
    }

    /** What tells how far the log is: grows with each append. With {@link #appends}. */
    long position() {
        return sequence;
    }

    /** The last segment that was written to, if any. With {@link #appends}. */
    @Nullable
    Segment last() {
        return previous;
    }

    /**
     * Makes a segment to go on in, unless there is one. With {@link #structure}.
     *
     * @throws IOException if the disk has no room for it
     */
    void makeSpare() throws IOException {
        appends.lock();
        try {
            if (spare != null) {
                return;
            }
        } finally {
            appends.unlock();
        }
        Segment made = undecidedSpare;
        if (made == null) {
            made = make();
            undecidedSpare = made;
        }
        list(plus(segments, made), settings.syncs());
        undecidedSpare = null;
        appends.lock();
        try {
            spare = made;
        } finally {
            appends.unlock();
        }
    }

    private Segment make() throws IOException {
        if (usable() - settings.segmentSize() < settings.minFree()) {
            throw new IOException("Less than %d bytes would be left free on the disk".formatted(settings.minFree()));
        }
        int slot = takeSlot();
        if (slot < 0) {
            throw new IOException("There are %d segments, and cannot be more".formatted(Place.MAX_SEGMENTS));
        }
        Directories.create(segmentsDirectory);
        SegmentHeader header = header(next, settings.segmentSize());
        next += STEP;
        Segment made = Segment.create(segmentsDirectory, header, slot, readers);
        setSlot(made);
        bytes.addAndGet(made.fileLength());
        if (settings.syncs()) {
            try {
                made.force();
                Directories.force(segmentsDirectory);
            } catch (IOException | RuntimeException ex) {
                discard(made);
                throw ex;
            }
        }
        return made;
    }

    private SegmentHeader header(long number, long capacity) {
        return new SegmentHeader(store, number, random.nextLong(), epoch, clock.millis(), capacity);
    }

    /** Whether callers wrote a segment. */
    static boolean isOriginal(Segment segment) {
        return segment.number() % STEP == 0;
    }

    /** Begins a segment that comes before all that is written from now on, and after all others. With {@link #structure}. */
    Draft draft() throws IOException {
        long bound = bound();
        long least = Math.max(rewritten, bound - STEP);
        for (Segment segment : segments) {
            least = segment.number() < bound ? Math.max(least, segment.number()) : least;
        }
        if (least + 1 >= bound) {
            throw new IOException("There is no number left before %d".formatted(bound));
        }
        Directories.create(segmentsDirectory);
        rewritten = least + 1;
        return Draft.create(segmentsDirectory, header(rewritten, 0));
    }

    /**
     * The number that a segment must be below if it is to come before what is written from now on. One that was left and has no footer
     * counts as written to: its successor has to be the one that tells where it ends.
     */
    private long bound() {
        appends.lock();
        try {
            if (active != null) {
                return active.number();
            }
            if (previous != null && !previous.isSealed()) {
                return previous.number();
            }
            return spare != null ? spare.number() : next;
        } finally {
            appends.unlock();
        }
    }

    /** The segments that may be rewritten, ascending. With {@link #structure}. */
    List<Segment> rewritable() {
        long bound = bound();
        return finished().stream().filter(segment -> segment.number() < bound).toList();
    }

    /** Makes a draft a segment, which is not yet part of the log. With {@link #structure}. */
    Segment finish(Draft draft, boolean durable) throws IOException {
        int slot = takeSlot();
        if (slot < 0) {
            throw new IOException("There are %d segments, and cannot be more".formatted(Place.MAX_SEGMENTS));
        }
        Segment made = draft.finish(slot, readers, durable);
        if (durable) {
            Directories.force(segmentsDirectory);
        }
        setSlot(made);
        bytes.addAndGet(made.fileLength());
        return made;
    }

    /**
     * Puts one segment in the place of others, or nothing. These have to be {@linkplain #discard discarded} when the index does not point to
     * them any more. With {@link #structure}.
     *
     * @throws IOException if the state could not be written; then everything is as before, but for the file of the new segment: it goes when
     *     the state is written, since what is on disk may list it
     */
    void replace(List<Segment> sources, @Nullable Segment made, boolean durable) throws IOException {
        List<Segment> others = new ArrayList<>(segments);
        others.removeAll(sources);
        try {
            list(made == null ? List.copyOf(others) : plus(others, made), durable || settings.syncs());
        } catch (IOException | RuntimeException ex) {
            if (made != null) {
                undecided.add(made);
            }
            throw ex;
        }
    }

    /** Whether a loss of power may bring back what is older than this process wrote if it is not synced that this is gone. */
    boolean isOlderThanThisRun(Segment segment) {
        return segment.number() < firstOwn;
    }

    /** How many bytes the file system has left; very many if it does not say. */
    private long usable() {
        try {
            FileStore files = fileStore;
            if (files == null) {
                files = Files.getFileStore(directory);
                fileStore = files;
            }
            return files.getUsableSpace();
        } catch (IOException | UnsupportedOperationException ex) {
            return Long.MAX_VALUE;
        }
    }

    private static List<Segment> plus(List<Segment> segments, Segment added) {
        List<Segment> more = new ArrayList<>(segments);
        more.add(added);
        more.sort(Comparator.comparingLong(Segment::number));
        return List.copyOf(more);
    }

    /** The oldest segment that is not written any more; null if there is none. With {@link #structure}. */
    @Nullable
    Segment oldest() {
        appends.lock();
        try {
            for (Segment segment : segments) {
                if (segment != active && segment != spare) {
                    return segment;
                }
            }
            return null;
        } finally {
            appends.unlock();
        }
    }

    /** Those that are not written any more. */
    List<Segment> finished() {
        appends.lock();
        try {
            return segments.stream()
                    .filter(segment -> segment != active && segment != spare)
                    .toList();
        } finally {
            appends.unlock();
        }
    }

    /**
     * Deletes a segment that the index does not point to any more. With {@link #structure}.
     *
     * <p>If the state cannot be written before, the file goes nevertheless: a recovery that misses a segment drops all that are older.
     */
    void drop(Segment segment) {
        List<Segment> others = new ArrayList<>(segments);
        others.remove(segment);
        segments = List.copyOf(others);
        tell();
        discard(segment);
    }

    /** Deletes a segment that is not listed. With {@link #structure}. */
    void discard(Segment segment) {
        appends.lock();
        try {
            unsealed.remove(segment);
            if (active == segment) {
                active = null;
            }
        } finally {
            appends.unlock();
        }
        bySlot[segment.slot] = null;
        bytes.addAndGet(-segment.fileLength());
        try {
            segment.drop();
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
        }
    }

    /**
     * Starts anew, durably. With both locks; whoever holds them forgets the entries.
     *
     * @return whether this was written, so that no loss of power brings the entries back
     */
    boolean clear() {
        doomed.addAll(segments);
        if (undecidedSpare != null) {
            doomed.add(undecidedSpare);
            undecidedSpare = null;
        }
        segments = List.of();
        unsealed.clear();
        active = null;
        spare = null;
        previous = null;
        epoch++;
        owed = true;
        try {
            writeState(true);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
        try {
            State.delete(directory);
            Directories.force(directory);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            return false;
        }
    }

    /** Deletes one of the segments that were cleared. With {@link #structure}. */
    boolean deleteDoomed() {
        Segment segment = doomed.poll();
        if (segment != null) {
            discard(segment);
        }
        return segment != null;
    }

    /** Writes footers, so that the next recovery is quick. With {@link #structure}. */
    void seal() {
        while (true) {
            Segment segment;
            appends.lock();
            try {
                segment = unsealed.poll();
            } finally {
                appends.unlock();
            }
            if (segment == null) {
                return;
            }
            long before = segment.fileLength();
            try {
                segment.seal();
            } catch (IOException | RuntimeException ex) {
                failures.report("write", ex);
            }
            bytes.addAndGet(segment.fileLength() - before);
        }
    }

    /** Notes how late it is: what had expired by now does not come back should the clock be set back. With {@link #structure}. */
    void tellTime() {
        if (!segments.isEmpty() && clock.millis() > latest) {
            tell();
        }
    }

    private void tell() {
        owed = true;
        try {
            writeState(settings.syncs());
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
    }

    /** Writes the state if that failed before, or if it is much later than when it was written. With {@link #structure}. */
    void tellIfOwed() {
        if (owed) {
            tell();
        } else if (clock.millis() - latest > TIME_MILLIS) {
            tellTime();
        }
    }

    private void writeState(boolean durable) throws IOException {
        list(segments, durable);
    }

    /** Writes a state with these segments, which then are those of the log: until that is on disk, nobody may take the others for dropped. */
    private void list(List<Segment> listed, boolean durable) throws IOException {
        latest = Math.max(latest, clock.millis());
        List<Long> numbers = listed.stream().map(Segment::number).toList();
        owed = true;
        new State(store, epoch, next, latest, settings.boot(), synced(), settings.layout(), numbers)
                .write(directory, durable);
        owed = false;
        segments = listed;
        while (!undecided.isEmpty()) {
            discard(undecided.remove());
        }
    }

    /** Ends the log so that it can be opened at once. With {@link #structure}; nothing is appended any more. */
    void close() {
        Segment unused;
        appends.lock();
        try {
            leave();
            unused = spare;
            spare = null;
        } finally {
            appends.unlock();
        }
        seal();
        while (deleteDoomed()) {
            // one after another
        }
        if (unused != null) {
            drop(unused);
        } else if (owed) {
            tell();
        } else {
            tellTime();
        }
        if (undecidedSpare != null && !owed) {
            discard(undecidedSpare);
        }
        for (Segment segment : segments) {
            try {
                segment.closeReader();
                segment.stopWriting();
            } catch (IOException | RuntimeException ex) {
                failures.report("close", ex);
            }
        }
    }
}
