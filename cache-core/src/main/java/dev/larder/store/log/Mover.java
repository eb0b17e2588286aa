package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes room: drops the oldest segment, and moves the entries that were used to the end of the log; moves what is alive out of
 * segments that are mostly dead.
 *
 * <p>What keeps removed and replaced values from coming back: for each key, its newest record on disk says what it is, as long as there
 * is an older record of it. The oldest segment may always go. From another one, everything goes to the end of the log that may
 * hide something older: entries, and a tombstone for each other record of a key that has no entry now.
 *
 * <p>Thread-safe; the work is done with {@link Log#structure}.
 */
final class Mover {

    /** The share of what is written that may be moved: 1 / (1 - 0.28) bytes are written for each byte of callers. */
    private static final double MOVED_SHARE = 0.28;

    /** A segment of which so much is dead goes before the oldest: moving the rest costs less than what it frees. */
    private static final double DEAD_SHARE = 0.85;

    /** How many bytes are dead for each that lives, before segments are compacted though there is room. */
    private static final double GARBAGE = 0.25;

    /** How long writes are dropped when the disk is full, before it is tried again. */
    private static final long READ_ONLY_MILLIS = 1000;

    private static final int TOMBSTONE = (int) RecordFormat.length(0, 0, 0);

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Books books;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    private final Runnable wake;

    /** How many writers wait for a segment: then nothing is moved any more. */
    private volatile int waiting;

    /** With {@link Log#structure}. */
    private long readOnlyUntil = Long.MIN_VALUE;

    private volatile boolean readOnly;

    private volatile boolean recovering;

    Mover(
            Index index,
            Log log,
            LargeFiles large,
            Books books,
            StoreCounts counts,
            InstantSource clock,
            Failures failures,
            Runnable wake) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.books = books;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
        this.wake = wake;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    /** Whether there may be entries on disk that the index does not know yet. */
    boolean isRecovering() {
        return recovering;
    }

    void endRecovery() {
        recovering = false;
    }

    /**
     * Takes {@link Log#appends}, with room for records of so many bytes.
     *
     * @throws IOException if there is none; then the lock is not held
     */
    void lockWithRoom(long room) throws IOException {
        while (true) {
            log.appends.lock();
            boolean reserved = false;
            try {
                boolean hadSpare = log.hasSpare();
                reserved = log.reserve(room);
                if (reserved && hadSpare && !log.hasSpare()) {
                    wake.run();
                }
            } finally {
                if (!reserved) {
                    log.appends.unlock();
                }
            }
            if (reserved) {
                return;
            }
            prepareNow();
        }
    }

    private void prepareNow() throws IOException {
        setWaiting(1);
        try {
            prepare();
        } finally {
            setWaiting(-1);
        }
    }

    private synchronized void setWaiting(int change) {
        waiting += change;
    }

    /** Makes sure that there is a segment in reserve, and that the bound holds with it. */
    void prepare() throws IOException {
        log.structure.lock();
        try {
            if (clock.millis() < readOnlyUntil) {
                throw new IOException("There is no room on the disk");
            }
            log.seal();
            while (bytes() > log.settings().share() && free()) {
                // one segment after another
            }
            try {
                log.makeSpare();
            } catch (IOException ex) {
                makeSpareAgain(ex);
            }
            readOnly = false;
        } finally {
            log.structure.unlock();
        }
    }

    private void makeSpareAgain(IOException first) throws IOException {
        try {
            if (!free()) {
                throw first;
            }
            log.makeSpare();
        } catch (IOException ex) {
            readOnly = true;
            readOnlyUntil = clock.millis() + READ_ONLY_MILLIS;
            throw ex;
        }
    }

    private long bytes() {
        return log.bytes() + large.bytes();
    }

    /** Makes room on a full disk; returns whether it did. */
    boolean makeRoom() {
        log.structure.lock();
        try {
            return free();
        } finally {
            log.structure.unlock();
        }
    }

    /**
     * Makes room for a file of its own.
     *
     * @throws IOException if there is none
     */
    void makeRoomFor(long length) throws IOException {
        Settings settings = log.settings();
        log.structure.lock();
        try {
            while (bytes() + length > settings.share() + settings.segmentSize()) {
                if (!free() && !rollToFree()) {
                    throw new IOException("There is no room for a value of %d bytes".formatted(length));
                }
            }
        } finally {
            log.structure.unlock();
        }
    }

    /** Goes on in another segment, so that the one before can go. */
    private boolean rollToFree() throws IOException {
        log.appends.lock();
        try {
            if (log.hasSpare()) {
                log.roll();
                return true;
            }
            log.leave();
        } finally {
            log.appends.unlock();
        }
        return log.oldest() != null;
    }

    /** Drops something, and returns whether there was anything to drop. */
    private boolean free() {
        if (log.deleteDoomed()) {
            return true;
        }
        Segment oldest = log.oldest();
        if (oldest == null) {
            return false;
        }
        Segment dead = recovering ? null : deadest(DEAD_SHARE);
        if (dead == null || dead == oldest || !compact(dead)) {
            evict(oldest);
        }
        return true;
    }

    /** Drops the oldest segment. */
    private void evict(Segment segment) {
        Records records = records(segment);
        if (records != null && !recovering) {
            evict(segment, records);
        }
        if (segment.live.get() > 0) {
            evictAll(segment);
        }
        if (log.settings().syncs()) {
            forceNewer(segment); // should that fail, what was moved is lost with the power, and nothing else
        }
        log.drop(segment);
    }

    private void evict(Segment segment, Records records) {
        Scratch scratch = Scratch.take();
        try {
            long now = clock.millis();
            long budget = (long) (MOVED_SHARE * log.written()) - log.moved();
            int least = leastUses(segment, records, now, budget);
            for (int i = 0; i < records.count(); i++) {
                long here = Place.of(segment.slot, records.offset(i));
                long place = index.find(records.hash(i), now);
                if (!Place.isSame(place, here)) {
                    books.expire(records.hash(i), here);
                } else if (Place.uses(place) >= least
                        && budget >= records.length(i)
                        && waiting == 0
                        && move(scratch, segment, records, i, place)) {
                    budget -= records.length(i);
                } else {
                    books.evict(records.hash(i), here);
                }
            }
        } finally {
            scratch.give();
        }
    }

    /** How often an entry must have been used to be moved: rather all that were used often than some that were used once. */
    private int leastUses(Segment segment, Records records, long now, long budget) {
        long[] lengths = new long[Place.MAX_USES + 1];
        for (int i = 0; i < records.count(); i++) {
            long place = index.find(records.hash(i), now);
            if (Place.isSame(place, Place.of(segment.slot, records.offset(i)))) {
                lengths[Place.uses(place)] += records.length(i);
            }
        }
        long sum = 0;
        for (int uses = Place.MAX_USES; uses > 1; uses--) {
            sum += lengths[uses];
            if (sum > budget) {
                return uses;
            }
        }
        return 1;
    }

    /** Takes out of the index whatever is in a segment, without knowing what that is. */
    private void evictAll(Segment segment) {
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.forEach(partition, (hash, place, keptUntil) -> {
                if (Place.segment(place) == segment.slot) {
                    books.evict(hash, place);
                }
            });
        }
    }

    /** Drops all segments up to this number without writing. With both locks. */
    void dropUpTo(long number) {
        for (Segment segment : log.segments()) {
            if (segment.number() <= number) {
                evictAll(segment);
                log.drop(segment);
            }
        }
    }

    /** Moves an entry to the end of the log, if there is room and it is still in this place. */
    private boolean move(Scratch scratch, Segment segment, Records records, int i, long place) {
        byte[] record = segment.record(scratch, records.offset(i));
        if (record == null) {
            return false;
        }
        log.appends.lock();
        try {
            if (!log.reserve(record.length) || !Place.isSame(index.find(records.hash(i), Long.MIN_VALUE), place)) {
                return false;
            }
            rewrite(record, records.hash(i), place, Math.max(0, Place.uses(place) - 1));
            log.addMoved(record.length);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return false;
        } finally {
            log.appends.unlock();
        }
    }

    /**
     * Appends a record of an entry again, and points the index to it. With {@link Log#appends} and room for it.
     *
     * @param record intact, apart from its life
     * @param place where it is now
     * @param uses how many uses it counts from now on: after a move one less than before, so that it stays for long if it was used much
     */
    void rewrite(byte[] record, long hash, long place, int uses) throws IOException {
        Segment active = log.active();
        long moved = Place.of(active.slot, active.end());
        long length = record.length;
        if (RecordFormat.kind(record, 0) == RecordFormat.LARGE) {
            length += LargeFiles.length(record, 0);
            active.addLarge(length - record.length);
        }
        log.append(record);
        large.moved(place, moved);
        int known = (int) Math.min(length, Integer.MAX_VALUE);
        long before = index.put(hash, moved, known, RecordFormat.keptUntil(record, 0));
        if (before == Place.ABSENT) {
            counts.evicted.decrement(); // meanwhile, and in vain
        } else {
            books.left(before);
            for (int i = 0; i < uses; i++) {
                index.use(hash, Place.withUses(moved, i));
            }
        }
        books.added(Place.withLength(moved, known));
    }

    /** The segment of which the largest share is dead, if that is at least so much; of several, the oldest hides the least. */
    private @Nullable Segment deadest(double least) {
        Segment deadest = null;
        double most = 0;
        boolean oldest = true;
        for (Segment segment : log.finished()) {
            double dead = segment.deadShare(oldest);
            if (dead >= least && dead > most) {
                most = dead;
                deadest = segment;
            }
            oldest = false;
        }
        return deadest;
    }

    /** Compacts one segment if there is much garbage; returns whether it did. */
    boolean compact() {
        log.structure.lock();
        try {
            Settings settings = log.settings();
            if (recovering || readOnly || bytes() > settings.share() - 2 * settings.segmentSize()) {
                return false;
            }
            long all = 0;
            long live = 0;
            for (Segment segment : log.finished()) {
                all += segment.end();
                live += segment.live.get();
            }
            Segment segment = deadest(GARBAGE / 2);
            if (all - live > GARBAGE * live) {
                // Tombstones go only with the oldest segment: its turn comes when no other has much to give.
                segment = segment != null ? segment : log.oldest();
            } else if (bytes() - settings.segmentSize() <= (1 + GARBAGE) * log.live()) {
                return false;
            }
            return segment != null && compact(segment);
        } finally {
            log.structure.unlock();
        }
    }

    /** Moves everything that matters out of a segment and drops it; returns whether that was possible. */
    private boolean compact(Segment segment) {
        Records records = records(segment);
        if (records == null) {
            // Nobody knows what it hides.
            for (Segment other : log.finished()) {
                if (other.number() <= segment.number()) {
                    evictAll(other);
                    log.drop(other);
                }
            }
            return true;
        }
        List<Segment> all = log.segments();
        boolean oldest = all.get(0) == segment;
        Scratch scratch = Scratch.take();
        try {
            long now = clock.millis();
            for (int i = 0; i < records.count(); i++) {
                if (!carry(scratch, segment, records, i, oldest, now)) {
                    return false;
                }
            }
        } finally {
            scratch.give();
        }
        if ((!oldest || log.settings().syncs()) && !forceNewer(segment)) {
            return false;
        }
        log.drop(segment);
        return true;
    }

    private boolean carry(Scratch scratch, Segment segment, Records records, int i, boolean oldest, long now) {
        long hash = records.hash(i);
        long here = Place.of(segment.slot, records.offset(i));
        long place = index.find(hash, now);
        if (Place.isSame(place, here)) {
            if (move(scratch, segment, records, i, place)) {
                return true;
            }
            if (segment.record(scratch, records.offset(i)) != null && Place.isSame(index.find(hash, now), here)) {
                return false; // no segment in reserve: the next run goes on
            }
            books.evict(hash, here);
        } else {
            books.expire(hash, here);
        }
        return oldest || index.keptUntil(hash) != 0 || bury(hash);
    }

    /** Appends a tombstone for a key that has no entry. */
    private boolean bury(long hash) {
        log.appends.lock();
        try {
            if (index.keptUntil(hash) != 0) {
                return true;
            }
            if (!log.reserve(TOMBSTONE)) {
                return false;
            }
            byte[] record = new byte[TOMBSTONE];
            RecordFormat.describe(record, RecordFormat.TOMBSTONE, 0, hash, 0, 0, 0, 0, 0);
            log.append(record);
            log.addMoved(TOMBSTONE);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return false;
        } finally {
            log.appends.unlock();
        }
    }

    /** What was moved must not be lost with the power when what it was moved from is gone. */
    private boolean forceNewer(Segment segment) {
        try {
            for (Segment other : log.segments()) {
                if (other.number() > segment.number() && other.end() > SegmentHeader.LENGTH) {
                    other.force();
                }
            }
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("sync", ex);
            return false;
        }
    }

    /** Takes out entries that may be lost, because they could not be synced, and buries them elsewhere. */
    void abandon(Segment segment, long from) {
        log.structure.lock();
        try {
            log.appends.lock();
            try {
                log.leave();
            } finally {
                log.appends.unlock();
            }
            Records records = records(segment);
            for (int i = 0; records != null && i < records.count(); i++) {
                if (records.offset(i) >= from) {
                    abandon(segment, records.hash(i), records.offset(i));
                }
            }
        } finally {
            log.structure.unlock();
        }
    }

    private void abandon(Segment segment, long hash, long offset) {
        books.evict(hash, Place.of(segment.slot, offset));
        try {
            lockWithRoom(TOMBSTONE);
            log.appends.unlock();
        } catch (IOException ex) {
            failures.report("write", ex);
        }
        if (!bury(hash)) {
            dropUpTo(segment.number());
        }
    }

    /** What is in a segment; null if that cannot be read. */
    private @Nullable Records records(Segment segment) {
        try {
            Records records = segment.records();
            return records.end == segment.end() ? records : null;
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
            return null;
        }
    }
}
