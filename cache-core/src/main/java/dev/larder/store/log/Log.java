package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which segments there are, in which order, and when they come and go. Records are appended to its {@link Tail}; {@link SegmentFiles} makes
 * and deletes the files, and {@link StateFile} says on disk which of them count.
 *
 * <p>Thread-safe by two locks, of which {@link #structure} is taken first: it guards which segments there are, and is held while files are
 * made and deleted. {@link Tail#appends} guards the tail, and nothing here.
 */
final class Log {

    /**
     * From one segment that callers write to the next. The numbers between are for those that are rewritten, which come right before the
     * one that is written to at the time. Not fewer: a store at rest may compact many before it goes on. Not more: numbers must last.
     */
    static final long STEP = 1 << 16;

    final ReentrantLock structure = new ReentrantLock();

    final Tail tail = new Tail();

    final SegmentFiles files;

    final long store;

    private final StateFile state;

    private final Settings settings;

    private final Failures failures;

    /** Bytes that were written to move an entry. */
    private final AtomicLong moved = new AtomicLong();

    /** Those listed in the state, ascending by number, the active and the spare one included. Replaced as a whole. */
    private volatile List<Segment> segments = List.of();

    /** What a clear left, to be deleted. */
    private final Queue<Segment> doomed = new ArrayDeque<>();

    /** Those of which the state on disk may or may not tell, because it was not written well: deleted when it is. */
    private final Queue<Segment> undecided = new ArrayDeque<>();

    /** The same of a segment in reserve: it is what the next one is made of. */
    private @Nullable Segment undecidedSpare;

    /** The number of the last segment that was rewritten. */
    private long rewritten;

    /** What has a smaller number was there when the log was opened. */
    private final long firstOwn;

    Log(Path directory, State state, Settings settings, Readers readers, InstantSource clock, Failures failures) {
        this.store = state.store();
        this.firstOwn = state.next();
        this.settings = settings;
        this.failures = failures;
        this.state = new StateFile(directory, state, settings, clock);
        this.files = new SegmentFiles(directory, store, settings, readers, clock, failures);
    }

    Settings settings() {
        return settings;
    }

    /** Bytes that were written, by callers or to move an entry. */
    long written() {
        return tail.written() + moved();
    }

    /** Bytes that were written to move an entry. */
    long moved() {
        return moved.get();
    }

    void addMoved(long count) {
        moved.addAndGet(count);
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
        return files.at(slot);
    }

    /** Makes segments that were found on disk part of the log, before it is used. They are ascending by number. */
    void adopt(List<Segment> found, long lastSequence) {
        segments = List.copyOf(found);
        tail.adopt(found, lastSequence);
    }

    /**
     * Lets go of a segment in reserve that was found on disk, before the log is used: the state lists it, so it goes when that is written.
     * Were it kept and given a footer, a loss of power could leave neither, and it would pass for one that lost its records.
     */
    void forgetSpare(Segment segment) {
        undecided.add(segment);
        state.owe();
    }

    /** Whether callers wrote a segment. */
    static boolean isOriginal(Segment segment) {
        return segment.number() % STEP == 0;
    }

    /**
     * Whether it has to be synced that a segment goes, and what is written instead: a loss of power could otherwise take what was on disk when
     * this process began, or what was synced when such a segment went, and bring back what that had replaced.
     */
    boolean mustSync(Segment segment) {
        return settings.syncs() || isOlderThanThisRun(segment) || segment.isReliable();
    }

    /** Whether a segment was there when the log was opened. */
    boolean isOlderThanThisRun(Segment segment) {
        return segment.number() < firstOwn;
    }

    /** The oldest segment that is not written any more; null if there is none. With {@link #structure}. */
    @Nullable
    Segment oldest() {
        List<Segment> finished = tail.finished(segments);
        return finished.isEmpty() ? null : finished.get(0);
    }

    /** The segments that may be rewritten, ascending. With {@link #structure}. */
    List<Segment> rewritable() {
        long bound = bound();
        return tail.finished(segments).stream()
                .filter(segment -> segment.number() < bound)
                .toList();
    }

    /** The number below which a segment has to be that comes before what is written from now on. */
    private long bound() {
        return tail.bound(undecidedSpare == null ? state.next() : undecidedSpare.number());
    }

    /** The segments that could not be synced, which are not written any more. With {@link #structure}. */
    List<Segment> failed() {
        List<Segment> failed = segments.stream().filter(Segment::hasFailed).toList();
        tail.leaveIfAmong(failed);
        return failed;
    }

    /**
     * Makes a segment to go on in, unless there is one. With {@link #structure}.
     *
     * @throws IOException if the disk has no room for it
     */
    void makeSpare() throws IOException {
        tail.appends.lock();
        try {
            if (tail.hasSpare()) {
                return;
            }
        } finally {
            tail.appends.unlock();
        }
        Segment made = undecidedSpare;
        if (made == null) {
            made = make();
            undecidedSpare = made;
        }
        list(plus(segments, made), settings.syncs());
        undecidedSpare = null;
        tail.setSpare(made);
    }

    private Segment make() throws IOException {
        files.checkSpace();
        int slot = files.freeSlot();
        return files.create(slot, state.takeNumber(), state.epoch());
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
        rewritten = least + 1;
        return files.draft(rewritten, state.epoch());
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

    private static List<Segment> plus(List<Segment> segments, Segment added) {
        List<Segment> more = new ArrayList<>(segments);
        more.add(added);
        more.sort(Comparator.comparingLong(Segment::number));
        return List.copyOf(more);
    }

    /**
     * Takes a segment out of the log. It has to be {@linkplain #discard discarded} when the index does not point to it any more, and not
     * before: who finds no entry relies on it that none comes back. With {@link #structure}.
     *
     * <p>If the state cannot be written, the file goes nevertheless: a recovery that misses a segment drops all that are older.
     */
    void unlist(Segment segment) {
        List<Segment> others = new ArrayList<>(segments);
        others.remove(segment);
        segments = List.copyOf(others);
        tell(mustSync(segment));
    }

    /** Whether segments that are none any more may come back after a loss of power, because the state could not be written. */
    boolean isOwed() {
        return state.isOwed();
    }

    /**
     * Deletes a segment that is not listed. With {@link #structure}.
     *
     * <p>If the state on disk may list it still, this has to last before another one goes: a loss of power that brought back the older of the
     * two, and not the newer, would leave a log that seems to end there.
     */
    void discard(Segment segment) {
        tail.forget(segment);
        files.delete(segment);
        if (state.isOwed()) {
            try {
                files.forceNames();
            } catch (IOException | RuntimeException ex) {
                failures.report("sync", ex);
            }
        }
    }

    /**
     * Deletes what the state on disk may list in the place of segments that are listed: a recovery that misses it drops all that are older.
     * Not segments that were in reserve, which bring nothing back. With {@link #structure}.
     */
    void discardUndecided() {
        for (Segment segment : List.copyOf(undecided)) {
            if (segment.end() > SegmentHeader.LENGTH) {
                undecided.remove(segment);
                discard(segment);
            }
        }
    }

    /**
     * Starts anew, durably. With both locks; whoever holds them forgets the entries.
     *
     * @return whether this was written, so that no loss of power brings the entries back
     */
    boolean clear() {
        doomed.addAll(segments);
        doomed.addAll(undecided);
        undecided.clear();
        if (undecidedSpare != null) {
            doomed.add(undecidedSpare);
            undecidedSpare = null;
        }
        segments = List.of();
        tail.clear();
        state.startEpoch();
        try {
            list(segments, true);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
        try {
            state.delete();
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
        for (Segment segment = tail.takeUnsealed(); segment != null; segment = tail.takeUnsealed()) {
            files.seal(segment);
        }
    }

    /**
     * Syncs all segments but these, so that what replaced their records is there when they are gone; and the footers of others, since the
     * segment that tells where another ends may be one of them.
     */
    void forceOthers(List<Segment> going) throws IOException {
        for (Segment segment : segments) {
            if (!going.contains(segment)
                    && !segment.isForced()
                    && (segment.isSealed() || segment.end() > SegmentHeader.LENGTH)) {
                segment.force();
            }
        }
        if (!settings.syncs()) {
            files.forceNames();
        }
    }

    /** Makes all that was written survive a loss of power, in a log that does not sync. */
    void settle() throws IOException {
        structure.lock();
        try {
            forceOthers(List.of());
            list(segments, true);
        } finally {
            structure.unlock();
        }
    }

    /** Writes the state if that failed before, or if it is much later than when it was written. With {@link #structure}. */
    void tellIfOwed() {
        if (state.isOwed() || (state.isMuchLate() && !segments.isEmpty())) {
            tell();
        }
    }

    private void tell() {
        tell(settings.syncs());
    }

    private void tell(boolean durable) {
        state.owe();
        try {
            list(segments, durable);
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
    }

    /** Writes a state with these segments, which then are those of the log: until that is on disk, nobody may take the others for dropped. */
    private void list(List<Segment> listed, boolean durable) throws IOException {
        seal(); // before: the state says that power was not lost since, so what it took must not look like damage
        state.write(segments, listed, durable);
        segments = listed;
        while (!undecided.isEmpty()) {
            discard(undecided.remove());
        }
    }

    /** Ends the log so that it can be opened at once. With {@link #structure}; nothing is appended any more. */
    void close() {
        Segment unused = tail.close();
        seal();
        while (deleteDoomed()) {
            // one after another
        }
        if (unused != null) {
            unlist(unused);
            discard(unused);
        } else if (state.isOwed() || (state.isLate() && !segments.isEmpty())) {
            tell();
        }
        if (undecidedSpare != null && !state.isOwed()) {
            discard(undecidedSpare);
        }
        segments.forEach(files::close);
    }
}
