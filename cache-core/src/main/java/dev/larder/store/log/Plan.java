package dev.larder.store.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in segments that are to go, and which of it is to stay. For one thread; entries change meanwhile, so that sums are about right,
 * and {@link #keeps} is what holds.
 */
final class Plan {

    private static final long TOMBSTONE = RecordFormat.length(0, 0, 0) + Records.ENTRY;

    final List<Source> sources;

    /** What tombstones take at most. */
    private long tombstones;

    /** What living entries take, by how often they were used. */
    private final long[] costs = new long[Place.MAX_USES + 1];

    /** The same with the files they tell of. */
    private final long[] lengths = new long[Place.MAX_USES + 1];

    /** Bytes that are free when all of it is gone. */
    private long whole;

    /** Entries used more often stay; of those used as often, as many as this has bytes for. */
    private int least;

    private long leastLeft;

    private long left;

    private Plan(List<Source> sources) {
        this.sources = sources;
    }

    /**
     * Looks into segments.
     *
     * @throws IOException if one cannot be read
     */
    static Plan of(List<Segment> segments, List<Segment> all, Index index, long now) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Segment segment : segments) {
            sources.add(Source.of(segment, all, segments));
        }
        Plan plan = new Plan(sources);
        for (Source source : sources) {
            plan.add(source, index, now);
        }
        return plan;
    }

    private void add(Source source, Index index, long now) {
        Records records = source.records;
        whole += records.end;
        for (int i = 0; i < records.count(); i++) {
            long place = index.find(records.hash(i), now);
            boolean lives = Place.isSame(place, source.place(i));
            if (lives) {
                int uses = Place.uses(place);
                long cost = source.cost(i);
                costs[uses] += cost;
                lengths[uses] += Math.max(cost, records.length(i));
                whole += records.kind(i) == RecordFormat.LARGE ? records.length(i) : 0;
            }
            if (source.hides(i) && (lives || place == Place.ABSENT)) {
                tombstones += TOMBSTONE;
            }
        }
    }

    /** Which share of the bytes belongs to entries that were used so often. */
    double share(int uses) {
        long sum = 0;
        for (int i = uses; i < lengths.length; i++) {
            sum += lengths[i];
        }
        return (double) sum / Math.max(1, whole);
    }

    /** Bytes that are written if all stays that was used so often, at most. */
    long cost(int uses) {
        long sum = tombstones + Draft.OVERHEAD;
        for (int i = uses; i < costs.length; i++) {
            sum += costs[i];
        }
        return sum;
    }

    /** Bytes of the segments. */
    long whole() {
        return whole;
    }

    /**
     * Says what is to stay.
     *
     * @param uses how often an entry must have been used
     * @param limit how many bytes may be written; then rather what was used most
     * @return false if not even the tombstones fit
     */
    boolean keep(int uses, long limit) {
        left = limit - tombstones - Draft.OVERHEAD;
        least = uses;
        leastLeft = left;
        long sum = 0;
        for (int i = Place.MAX_USES; i >= uses; i--) {
            if (sum + costs[i] > left) {
                least = i;
                break;
            }
            sum += costs[i];
        }
        leastLeft = left - sum + (sum + costs[least] > left ? 0 : costs[least]);
        return left >= 0 || tombstones == 0;
    }

    /** Whether an entry stays; then it has taken its bytes. */
    boolean keeps(int uses, long cost) {
        if (uses < least || cost > left || (uses == least && cost > leastLeft)) {
            return false;
        }
        left -= cost;
        leastLeft -= uses == least ? cost : 0;
        return true;
    }
}
