package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * The {@link State} of a log that is open: what its file has to say, and whether it says so already.
 *
 * <p>For one thread, with {@link Log#structure}.
 */
final class StateFile {

    /** How late it may get before that is noted. Not shorter: it may have to be synced each time. Not longer: clocks are set back by more. */
    static final long TIME_MILLIS = 10_000;

    private final Path directory;

    private final long store;

    private final Settings settings;

    private final InstantSource clock;

    private long epoch;

    private long next;

    private long latest;

    /** Up to which number segments were synced as a whole, and the next one tells where the last of them ends. */
    private long synced;

    /** Read by writers, too. */
    private volatile boolean owed;

    /** Whether that has to survive a loss of power, whoever writes it. */
    private boolean owedDurably;

    StateFile(Path directory, State state, Settings settings, InstantSource clock) {
        this.directory = directory;
        this.store = state.store();
        this.epoch = state.epoch();
        this.next = state.next();
        this.latest = state.time();
        this.synced = state.synced();
        this.settings = settings;
        this.clock = clock;
    }

    long epoch() {
        return epoch;
    }

    void startEpoch() {
        epoch++;
        owe();
    }

    /** The number of the next segment that callers write. */
    long next() {
        return next;
    }

    /** The same, which no other segment gets. */
    long takeNumber() {
        long number = next;
        next += Log.STEP;
        return number;
    }

    /** Whether it lists segments that are none any more: then the background writes it as soon as it can. */
    boolean isOwed() {
        return owed;
    }

    void owe() {
        owed = true;
    }

    /** Whether it is later than it says: what had expired by now must not come back should the clock be set back. */
    boolean isLate() {
        return clock.millis() > latest;
    }

    boolean isMuchLate() {
        return clock.millis() - latest > TIME_MILLIS;
    }

    /**
     * Writes it.
     *
     * @param before the segments as they are
     * @param listed the segments to list
     */
    void write(List<Segment> before, List<Segment> listed, boolean durable) throws IOException {
        latest = Math.max(latest, clock.millis());
        noteSynced(before);
        List<Long> numbers = listed.stream().map(Segment::number).toList();
        owed = true;
        owedDurably |= durable;
        new State(store, epoch, next, latest, settings.boot(), synced, settings.layout(), numbers)
                .write(directory, owedDurably);
        owed = false;
        owedDurably = false;
    }

    /** Notes up to where segments were synced as a whole; the one after them, too, as far as it tells where they end. */
    private void noteSynced(List<Segment> segments) {
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
    }

    /** Deletes it, durably: without it there is no log. */
    void delete() throws IOException {
        State.delete(directory);
        Directories.force(directory);
    }
}
