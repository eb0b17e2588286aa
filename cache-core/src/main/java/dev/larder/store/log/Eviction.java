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

    /** Segments' worth of that which may be saved for later. More would make long pauses; with less it is wasted while few entries stay. */
    private static final int SAVED = 8;

    /** The share of the room for young segments: less, and entries are not there long enough to be used; more, and the old go. */
    private static final double YOUNG = 0.125;

    /** How often an entry of a young segment must have been used: once may be chance. */
    private static final int USED_YOUNG = 2;

    /** How often a ghost that is put counts as used: often enough. */
    static final int USED_GHOST = USED_YOUNG;

    /** A segment of which a larger share was used stays as it is: rewriting it would free little. */
    private static final double STAYING = 0.8;

    /** How many segments may stay as they are before one goes. */
    private static final int MOST_STAYING = 32;

    /** The share of the room for tombstones. Then the segments go whose age is what they are kept for. */
    private static final double TOMBSTONES = 0.01;

    /** A segment of which so much is dead goes before others: rewriting the rest costs less than what that frees. */
    private static final double DEAD = 0.85;

    /** How many bytes are dead for each that lives, before segments are compacted though there is room. */
    private static final double GARBAGE = 0.25;

    /** How full a segment may get of what was left of others. */
    private static final double FULL = 0.9;

    /** Segments that are emptier than this are put together, if what they have besides records is much. */
    private static final double SMALL = 0.25;

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

    /** Whether what was found when the log was opened is in a queue. */
    private boolean isKnown;

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
     * @param need bytes that should be freed
     * @param room bytes that there is room for meanwhile
     * @param isLate whether a writer waits: then as little as possible is written
     * @return false if nothing could go like this
     */
    boolean evict(long need, long room, BooleanSupplier isLate) {
        List<Segment> segments = log.rewritable();
        if (segments.isEmpty()) {
            return false;
        }
        refresh(segments);
        try {
            Segment dead = deadest(segments, DEAD);
            if (dead != null) {
                Plan plan = plan(List.of(Source.of(dead, 0, false)));
                if (plan.cost() <= room && plan.gain() > 0) {
                    plan.keep(room);
                    run(plan, isLate);
                    return true;
                }
            }
            Plan plan = isBurdened(segments)
                    ? plan(List.of(source(segments.get(0))))
                    : choose(segments, need, room, isLate);
            if (plan.least() > room) {
                return false;
            }
            plan.keep((long) Math.min(budget, (double) room) - plan.least());
            run(plan, isLate);
            return true;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return false;
        }
    }

    /** Whether there are too many tombstones, or too many were written: the oldest segment of all needs none. */
    private boolean isBurdened(List<Segment> segments) {
        long tombstones = segments.stream().mapToLong(Segment::tombstones).sum();
        return tombstones > TOMBSTONES * log.settings().share()
                || budget < -log.settings().segmentSize();
    }

    /** As many segments as have to go, as long as what is to stay of them has room; those stay that should stay as a whole. */
    private Plan choose(List<Segment> segments, long need, long room, BooleanSupplier isLate) throws IOException {
        List<Segment> left = new ArrayList<>(segments);
        Plan plan = null;
        int staying = 0;
        while (true) {
            Segment next = next(left);
            if (next == null || (plan != null && (isLate.getAsBoolean() || plan.gain() >= need))) {
                break;
            }
            Source source = source(next);
            if (staying < MOST_STAYING
                    && !isLate.getAsBoolean()
                    && plan(List.of(source)).usedShare() >= STAYING) {
                staying++;
                stay(source);
                continue;
            }
            List<Source> more = new ArrayList<>(plan == null ? List.of() : plan.sources);
            more.add(source);
            Plan longer = plan(more);
            if (plan != null && longer.cost() > Math.min(budget, (double) room)) {
                break;
            }
            plan = longer;
            left.remove(next);
        }
        return plan == null ? plan(List.of(source(segments.get(0)))) : plan;
    }

    private Source source(Segment segment) throws IOException {
        boolean isOld = old.contains(segment);
        boolean isRich = budget >= SAVED / 2.0 * log.settings().segmentSize();
        return Source.of(segment, isOld || isRich ? 1 : USED_YOUNG, !isOld);
    }

    /** Forgets what is gone, and adds what was found when the log was opened. */
    private void refresh(List<Segment> segments) {
        Set<Segment> known = Set.copyOf(segments);
        old.removeIf(segment -> !known.contains(segment));
        if (!isKnown) {
            isKnown = true;
            ageRecovered(segments);
        }
        for (Segment segment : segments) {
            if (!Log.isOriginal(segment)) {
                old.add(segment);
            }
        }
        long now = log.tail.written();
        budget = Math.min(SAVED * (double) log.settings().segmentSize(), budget + REWRITTEN * (now - asked));
        asked = now;
    }

    /** Of what was found when the log was opened only the newest is young. */
    private void ageRecovered(List<Segment> segments) {
        long newer = segments.stream().mapToLong(Segment::weight).sum();
        for (Segment segment : segments) {
            newer -= segment.weight();
            if (log.isOlderThanThisRun(segment)
                    && newer >= YOUNG * log.settings().share()) {
                old.add(segment);
            }
        }
    }

    private @Nullable Segment next(List<Segment> segments) {
        long young = 0;
        Segment first = null;
        for (Segment segment : segments) {
            if (!old.contains(segment)) {
                young += segment.weight();
                first = first == null ? segment : first;
            }
        }
        boolean isTooMuch = young > YOUNG * log.settings().share();
        return first != null && isTooMuch
                ? first
                : old.stream().filter(segments::contains).findFirst().orElse(first);
    }

    /** Leaves a segment as it is, for another round. */
    private void stay(Source source) {
        old.remove(source.segment);
        old.add(source.segment);
        for (int i = 0; i < source.records.count(); i++) {
            long hash = source.records.hash(i);
            long place = index.find(hash, Long.MIN_VALUE);
            if (Place.isSame(place, source.place(i))) {
                index.setUses(hash, place, source.usesAfter(Place.uses(place)));
            }
        }
    }

    private Plan plan(List<Source> sources) {
        return new Plan(sources, log.segments(), index, clock.millis());
    }

    private void run(Plan plan, BooleanSupplier isLate) throws IOException {
        budget -= new Rewrite(index, log, large, books, ghosts, plan, isLate, clock.millis()).run();
    }

    /**
     * Rewrites all that is in some segments.
     *
     * @param room bytes that there is room for meanwhile
     * @return false if there is not enough
     * @throws IOException if something could not be read or written; then all is as before
     */
    boolean renew(List<Segment> segments, long room) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Segment segment : segments) {
            sources.add(Source.of(segment, 0, false));
        }
        Plan plan = plan(sources);
        if (plan.cost() > Math.min(room, Place.MAX_SEGMENT_BYTES)) {
            return false;
        }
        plan.keep(room);
        run(plan, () -> false);
        return true;
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
            return renew(sources, room);
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            return false;
        }
    }

    private List<Segment> garbage(List<Segment> segments) {
        long all = segments.stream().mapToLong(Segment::recordBytes).sum();
        long live = segments.stream().mapToLong(segment -> segment.live.get()).sum();
        boolean isMuch = all - live > GARBAGE * live;
        long bytes = log.files.bytes() + large.bytes() - log.settings().segmentSize();
        if (!isMuch && bytes <= (1 + GARBAGE) * log.live()) {
            return List.of();
        }
        Segment first = deadest(segments, GARBAGE / 2);
        if (first == null && isMuch) {
            // Tombstones go only with the oldest segment: its turn comes when no other has much to give.
            first = segments.get(0);
        } else if (first == null) {
            // What each segment has besides records counts when they are short: restarts leave such.
            List<Segment> small = segments.stream().filter(this::isSmall).toList();
            first = small.size() > 1 ? small.get(0) : null;
        }
        return first == null ? List.of() : withOthers(first, segments);
    }

    private boolean isSmall(Segment segment) {
        return segment.weight() < SMALL * log.settings().segmentSize();
    }

    /** Adds other segments with garbage, and short ones, as long as what is left of them makes one. */
    private List<Segment> withOthers(Segment first, List<Segment> segments) {
        List<Segment> merged = new ArrayList<>();
        merged.add(first);
        long kept = first.kept();
        List<Segment> others = new ArrayList<>(segments);
        others.sort(Comparator.comparingDouble(segment -> -segment.deadShare(false)));
        for (Segment other : others) {
            if (other != first
                    && (other.deadShare(false) >= GARBAGE / 2 || isSmall(other))
                    && merged.size() < MERGED
                    && kept + other.kept() <= FULL * log.settings().segmentSize()) {
                merged.add(other);
                kept += other.kept();
            }
        }
        return merged;
    }
}
