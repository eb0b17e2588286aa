package dev.larder.store.log;

import java.util.List;

/**
 * What is in segments that are to go together, and which of it is to stay: rather what was used most. For one thread; entries are used and
 * changed meanwhile, so the sums are about right, and {@link #keeps} is what holds.
 *
 * <p>What keeps removed and replaced values from coming back: for each key, its newest record on disk says what it is, as long as there
 * is an older one that is wrong. So a record that goes and may {@linkplain #hides hide} something leaves a tombstone, unless the key has
 * an entry elsewhere: that one says itself that it replaces something.
 */
final class Plan {

    private static final int TOMBSTONE = RecordFormat.EMPTY + Records.ENTRY;

    final List<Source> sources;

    /** The number of the oldest segment that stays. */
    private final long oldestStaying;

    /** Bytes of tombstones, if none of the entries stays that needs one otherwise. */
    private long tombstones;

    /** What the entries take that may stay, by how often they were used. */
    private final long[] costs = new long[Place.MAX_USES + 1];

    /** Bytes of entries that were used at all, with the files they tell of. */
    private long used;

    /** Bytes of the records and of the files they tell of. */
    private long whole;

    /** Bytes of files of entries that go. */
    private long files;

    /** Entries used more often stay; of those used as often, as many as this has bytes for. */
    private int least;

    private long leastLeft;

    private long left;

    /**
     * Looks into segments.
     *
     * @param all the segments of the log
     */
    Plan(List<Source> sources, List<Segment> all, Index index, long now) {
        this.sources = sources;
        this.oldestStaying = all.stream()
                .filter(segment -> sources.stream().noneMatch(source -> source.segment == segment))
                .mapToLong(Segment::number)
                .min()
                .orElse(Long.MAX_VALUE);
        for (Source source : sources) {
            add(source, index, now);
        }
    }

    private void add(Source source, Index index, long now) {
        Records records = source.records;
        whole += records.end;
        for (int i = 0; i < records.count(); i++) {
            long place = index.find(records.hash(i), now);
            boolean lives = Place.isSame(place, source.place(i));
            if (lives) {
                int uses = Place.uses(place);
                costs[uses] += uses >= source.least ? source.cost(i) : 0;
                long file = records.kind(i) == RecordFormat.LARGE ? records.length(i) : 0;
                used += uses > 0 ? source.cost(i) + file : 0;
                whole += file;
                files += uses < source.least ? file : 0;
            }
            if (hides(source, i) && (lives || place == Place.ABSENT)) {
                tombstones += TOMBSTONE;
            }
        }
    }

    /** Whether a record may hide another in an older segment that stays. */
    boolean hides(Source source, int i) {
        return oldestStaying < source.segment.number() && source.records.hides(i);
    }

    /** Which share of the bytes belongs to entries that were used. */
    double usedShare() {
        return (double) used / Math.max(1, whole);
    }

    /** Bytes that have to be written at least. */
    long least() {
        return tombstones + Draft.OVERHEAD;
    }

    /** Bytes that are written at most. */
    long cost() {
        long sum = least();
        for (long cost : costs) {
            sum += cost;
        }
        return sum;
    }

    /** Bytes that this makes free, at least. */
    long gain() {
        return files
                + sources.stream()
                        .mapToLong(source -> source.segment.fileLength())
                        .sum()
                - cost();
    }

    /**
     * Says what is to stay.
     *
     * @param limit how many bytes may be written besides those that must
     */
    void keep(long limit) {
        left = limit;
        least = 0;
        long sum = 0;
        for (int uses = Place.MAX_USES; uses >= 0; uses--) {
            leastLeft = left - sum;
            if (costs[uses] > leastLeft) {
                least = uses;
                return;
            }
            sum += costs[uses];
        }
        leastLeft = left;
    }

    /** Whether an entry stays; then it has taken its bytes. */
    boolean keeps(Source source, int uses, long cost) {
        if (uses < Math.max(source.least, least) || cost > left || (uses == least && cost > leastLeft)) {
            return false;
        }
        left -= cost;
        leastLeft -= uses == least ? cost : 0;
        return true;
    }
}
