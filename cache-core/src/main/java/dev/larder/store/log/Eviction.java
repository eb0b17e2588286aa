package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which segments go when there is too much, and which of their entries stay.
 *
 * <p>Segments that callers wrote are young: a queue of an eighth of the room, in which most entries are used never or once, and go. Those
 * used more often are {@linkplain Rewrite rewritten} to old segments, where an entry stays for another round for each time that
 * it was used. Whoever went from a young segment and is put again is a {@linkplain Ghosts ghost}, and stays the next time. So one
 * pass over many keys does not wash out those that are wanted again and again. A segment of which nearly all would stay is not
 * rewritten at all, but goes to the end of the queue of old ones as it is. After S3-FIFO (Yang et al., 2023).
 *
 * <p>Each byte of callers pays for so much of rewriting that no more than 1.4 bytes are written for one.
 *
 * <p>For one thread, with {@link Log#structure}.
 */
final class Eviction {

    /** Bytes that may be rewritten for each that callers write. */
    private static final double REWRITTEN = 0.4;

    /** Segments' worth of that which may be saved for later. More would make long pauses; less would be lost while few entries stay. */
    private static final int SAVED = 4;

    /** The share of the room for young segments: less, and entries are not there long enough to be used; more, and the old go. */
    private static final double YOUNG = 0.125;

    /** How often an entry of a young segment must have been used. */
    private static final int USED_YOUNG = 2;

    /** How often a ghost that is put counts as used: often enough. */
    static final int USED_GHOST = USED_YOUNG;

    /** A segment of which a larger share would stay is left as it is. */
    private static final double STAYING = 0.7;

    /** A segment of which so much is dead goes before others: rewriting the rest costs less than what that frees. */
    private static final double DEAD = 0.85;

    /** How many bytes are dead for each that lives, before segments are compacted though there is room. */
    private static final double GARBAGE = 0.25;

    /** A segment goes only if what is written instead is so much shorter. */
    private static final double WORTH = 0.9;

    /** Segments that are compacted to one. More would keep others waiting. */
    private static final int MERGED = 16;

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Books books;

    private final Ghosts ghosts;

    private final InstantSource clock;

    private final Failures failures;

    /** In the order in which they go. */
    private final Set<Segment> old = new LinkedHashSet<>();

    /** Bytes that may be rewritten. */
    private double budget;

    /** Bytes of callers that the budget knows. */
    private long asked;

    Eviction(
            Index index,
            Log log,
            LargeFiles large,
            Books books,
            Ghosts ghosts,
            InstantSource clock,
            Failures failures) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.books = books;
        this.ghosts = ghosts;
        this.clock = clock;
        this.failures = failures;
    }

    /**
     * Lets something go.
     *
     * @param room bytes that there is room for meanwhile
     * @param isLate whether a writer waits: then as little as possible is written
     * @return false if nothing could go like this
     */
    boolean evict(long room, BooleanSupplier isLate) {
        List<Segment> segments = log.rewritable();
        refresh(segments);
        Segment dead = deadest(segments, DEAD);
        try {
            if (dead != null) {
                Plan plan = plan(List.of(dead));
                if (plan.cost(0) <= Math.min((double) room, WORTH * plan.whole()) && plan.keep(0, room)) {
                    run(plan, isLate, uses -> uses, false);
                    return true;
                }
            }
            for (int i = 0; i <= segments.size(); i++) {
                Segment next = next(segments);
                if (next == null) {
                    return false;
                }
                if (!passes(next, isLate)) {
                    return evict(next, room, isLate);
                }
            }
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
        return false;
    }

    /** Forgets what is gone, and adds what was found when the log was opened. */
    private void refresh(List<Segment> segments) {
        Set<Segment> known = Set.copyOf(segments);
        old.removeIf(segment -> !known.contains(segment));
        for (Segment segment : segments) {
            if (!Log.isOriginal(segment)) {
                old.add(segment);
            }
        }
        long now = log.written() - log.moved();
        budget = Math.min(SAVED * (double) log.settings().segmentSize(), budget + REWRITTEN * (now - asked));
        asked = now;
    }

    private @Nullable Segment next(List<Segment> segments) {
        long young = 0;
        Segment first = null;
        for (Segment segment : segments) {
            if (!old.contains(segment)) {
                young += segment.fileLength();
                first = first == null ? segment : first;
            }
        }
        boolean isTooMuch = young > YOUNG * log.settings().share();
        return first != null && (isTooMuch || old.isEmpty())
                ? first
                : old.stream().findFirst().orElse(first);
    }

    /** Whether a segment stays as it is, because nearly all of it would. */
    private boolean passes(Segment segment, BooleanSupplier isLate) throws IOException {
        if (isLate.getAsBoolean()) {
            return false;
        }
        Plan plan = plan(List.of(segment));
        boolean isOld = old.contains(segment);
        if (plan.share(isOld ? 1 : USED_YOUNG) < STAYING) {
            return false;
        }
        old.remove(segment);
        old.add(segment);
        Source source = plan.sources.get(0);
        for (int i = 0; i < source.records.count(); i++) {
            long hash = source.records.hash(i);
            long place = index.find(hash, Long.MIN_VALUE);
            if (Place.isSame(place, source.place(i))) {
                index.move(hash, place, place, usesAfter(isOld, Place.uses(place)));
            }
        }
        return true;
    }

    private static int usesAfter(boolean isOld, int uses) {
        return isOld ? Math.max(0, uses - 1) : 0;
    }

    private boolean evict(Segment segment, long room, BooleanSupplier isLate) throws IOException {
        Plan plan = plan(List.of(segment));
        boolean isOld = old.contains(segment);
        long limit = (long) Math.min(Math.min((double) room, budget), WORTH * segment.fileLength());
        if (!plan.keep(isOld ? 1 : USED_YOUNG, limit)) {
            return false;
        }
        run(plan, isLate, uses -> usesAfter(isOld, uses), !isOld);
        return true;
    }

    private Plan plan(List<Segment> segments) throws IOException {
        return Plan.of(segments, log.segments(), index, clock.millis());
    }

    private void run(Plan plan, BooleanSupplier isLate, IntUnaryOperator usesAfter, boolean isYoung)
            throws IOException {
        long written =
                new Rewrite(index, log, large, books, ghosts, plan, isLate, clock.millis()).run(usesAfter, isYoung);
        budget -= written;
    }

    /** The segment of which the largest share is dead, if that is at least so much; of several, the oldest hides the least. */
    private @Nullable Segment deadest(List<Segment> segments, double least) {
        Segment deadest = null;
        double most = 0;
        Segment oldest = log.oldest();
        for (Segment segment : segments) {
            double dead = segment.deadShare(segment == oldest);
            if (dead >= least && dead > most) {
                most = dead;
                deadest = segment;
            }
        }
        return deadest;
    }

    /**
     * Compacts some segments to one if there is much garbage.
     *
     * @param room bytes that there is room for meanwhile
     * @return whether it did
     */
    boolean compact(long room) {
        List<Segment> segments = log.rewritable();
        refresh(segments);
        List<Segment> sources = garbage(segments);
        if (sources.isEmpty()) {
            return false;
        }
        try {
            Plan plan = plan(sources);
            if (plan.cost(0) > room || !plan.keep(0, Long.MAX_VALUE)) {
                return false;
            }
            run(plan, () -> false, uses -> uses, false);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return false;
        }
    }

    private List<Segment> garbage(List<Segment> segments) {
        long all = 0;
        long live = 0;
        for (Segment segment : segments) {
            all += segment.end();
            live += segment.live.get();
        }
        Segment first = deadest(segments, GARBAGE / 2);
        if (all - live > GARBAGE * live) {
            // Tombstones go only with the oldest segment: its turn comes when no other has much to give.
            first = first != null || segments.isEmpty() ? first : segments.get(0);
        } else if (log.bytes() + large.bytes() - log.settings().segmentSize() <= (1 + GARBAGE) * log.live()) {
            return List.of();
        }
        return first == null ? List.of() : withOthers(first, segments);
    }

    /** Adds other segments with garbage, as long as what is left of them makes one. */
    private List<Segment> withOthers(Segment first, List<Segment> segments) {
        List<Segment> merged = new ArrayList<>();
        merged.add(first);
        long kept = first.kept();
        List<Segment> others = new ArrayList<>(segments);
        others.sort(Comparator.comparingDouble(segment -> -segment.deadShare(false)));
        for (Segment other : others) {
            boolean isDead = other.deadShare(false) >= GARBAGE / 2;
            if (other != first
                    && isDead
                    && merged.size() < MERGED
                    && kept + other.kept() <= WORTH * log.settings().segmentSize()) {
                merged.add(other);
                kept += other.kept();
            }
        }
        return merged;
    }
}
