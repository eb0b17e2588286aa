package dev.larder.store.log;

import java.io.IOException;
import java.util.Arrays;

/**
 * Goes from record to record through a segment, from its start up to the first bytes that are no record, and never looks for
 * one behind them. Not thread-safe.
 */
final class Walk {

    /** Not smaller: calls of the system would count. Not larger: this is allocated for each walk. */
    private static final int WINDOW = 256 * 1024;

    /** What reaches the page cache before a process is killed ends at a multiple of this. */
    private static final int PAGE = 4096;

    private final SteadyFile file;

    private final long seed;

    /** Where the records end at the latest. */
    private final long limit;

    private byte[] window = new byte[WINDOW];

    private long windowStart;

    private int windowLength;

    /** The records that were found; those whose payload is damaged stand as tombstones. */
    final Records records = new Records();

    /** What this segment's first record says. */
    Previous previous = Previous.NONE;

    /** The first record whose payload is damaged and that was not known to be synced later; 0 if there is none. */
    long unsyncedDamage;

    /** Whether nothing but zeros is behind the records, apart from what is left of a last one that was not written to its end. */
    boolean endsInNothing;

    /**
     * The segment before another.
     *
     * @param number 0 if that is not known
     * @param end where its records end
     */
    record Previous(long number, long end) {

        private static final Previous NONE = new Previous(0, 0);

        private static Previous of(byte[] bytes, int at) {
            return new Previous(RecordFormat.freshUntil(bytes, at), RecordFormat.keptUntil(bytes, at));
        }

        /** What the first record of a segment says, if there is one. */
        static Previous read(SteadyFile file, long seed) throws IOException {
            byte[] start = new byte[RecordFormat.HEADER];
            boolean known = file.read(start, 0, start.length, SegmentHeader.LENGTH) == start.length
                    && RecordFormat.isHeader(start, 0, seed, SegmentHeader.LENGTH)
                    && RecordFormat.kind(start, 0) == RecordFormat.START;
            return known ? of(start, 0) : NONE;
        }
    }

    private Walk(SteadyFile file, long seed, long limit) {
        this.file = file;
        this.seed = seed;
        this.limit = limit;
    }

    /** Goes through a segment that is known to end there; checks headers only, because each reader checks the rest. */
    static Walk known(SteadyFile file, long seed, long end) throws IOException {
        Walk walk = new Walk(file, seed, end);
        walk.run(false);
        return walk;
    }

    /** Goes through a segment of a process that has ended, and checks each record. */
    static Walk unknown(SteadyFile file, long seed, long limit) throws IOException {
        Walk walk = new Walk(file, seed, Math.min(limit, file.length()));
        walk.run(true);
        walk.lookBehind();
        return walk;
    }

    private void run(boolean verify) throws IOException {
        long offset = SegmentHeader.LENGTH;
        while (offset + RecordFormat.HEADER <= limit) {
            int at = load(offset, RecordFormat.HEADER);
            if (at < 0 || !RecordFormat.isHeader(window, at, seed, offset) || !follows(at)) {
                break;
            }
            long length = RecordFormat.length(window, at);
            if (offset + length > limit) {
                break;
            }
            boolean intact = true;
            if (verify || RecordFormat.kind(window, at) == RecordFormat.LARGE) {
                at = load(offset, (int) length);
                if (at < 0) {
                    break;
                }
                intact = !verify || RecordFormat.isIntact(window, at, seed, offset);
            }
            add(at, offset, intact);
            offset += length;
        }
        records.end = offset;
    }

    private boolean follows(int at) {
        long sequence = RecordFormat.sequence(window, at);
        return records.sequence == 0 || sequence == records.sequence + 1;
    }

    private void add(int at, long offset, boolean intact) {
        records.sequence = RecordFormat.sequence(window, at);
        if (unsyncedDamage != 0 && RecordFormat.synced(window, at) > unsyncedDamage) {
            unsyncedDamage = 0;
        }
        int kind = RecordFormat.kind(window, at);
        if (kind == RecordFormat.START) {
            previous = Previous.of(window, at);
            return;
        }
        if (!intact) {
            kind = RecordFormat.TOMBSTONE;
            unsyncedDamage = unsyncedDamage == 0 ? offset : unsyncedDamage;
        }
        records.add(window, at, kind, offset);
    }

    /** Tells a log that was cut short by the end of its process from one that was damaged. */
    private void lookBehind() throws IOException {
        long end = records.end;
        int last = records.count() - 1;
        if (last >= 0
                && unsyncedDamage != 0
                && records.offset(last) == unsyncedDamage
                && isTorn(unsyncedDamage, end)
                && isZero(end, limit)) {
            records.cut(unsyncedDamage);
            unsyncedDamage = 0;
            endsInNothing = true;
            return;
        }
        if (end == SegmentHeader.LENGTH) {
            endsInNothing = isZero(Math.min(limit, end + RecordFormat.EMPTY), limit);
            return;
        }
        // A header may itself have been cut short, at the border of a page.
        endsInNothing = isZero(Math.min(limit, tornHeaderEnd(end)), limit) || isBegunFooter(end);
    }

    /** Whether the process ended while it wrote the footer, or before it gave back what is behind that. */
    private boolean isBegunFooter(long end) throws IOException {
        byte[] footer = records.footer(seed);
        if (end + footer.length > limit || !isZero(end + footer.length, limit)) {
            return false;
        }
        byte[] found = new byte[footer.length];
        file.read(found, 0, found.length, end);
        int same = Arrays.mismatch(found, footer);
        return same < 0 || Bytes.areZero(found, same, found.length);
    }

    private long tornHeaderEnd(long offset) throws IOException {
        long page = nextPage(offset);
        return page < offset + RecordFormat.HEADER && page < limit ? page : offset;
    }

    /** Whether the end of a record was never written: it is zero from the border of a page on. */
    private boolean isTorn(long offset, long end) throws IOException {
        long lastPage = (end - 1) / PAGE * PAGE;
        return lastPage > offset && isZero(lastPage, end);
    }

    private static long nextPage(long offset) {
        return (offset / PAGE + 1) * PAGE;
    }

    private boolean isZero(long from, long to) throws IOException {
        for (long offset = from; offset < to; offset += WINDOW) {
            int length = (int) Math.min(WINDOW, to - offset);
            int at = load(offset, length);
            if (at < 0 || !Bytes.areZero(window, at, at + length)) {
                return false;
            }
        }
        return true;
    }

    /** Where these bytes of the file are in the window, or -1 if the file has not so many. */
    private int load(long offset, int length) throws IOException {
        if (offset >= windowStart && offset + length <= windowStart + windowLength) {
            return (int) (offset - windowStart);
        }
        if (length > window.length) {
            window = new byte[length];
        }
        windowStart = offset;
        windowLength = file.read(window, 0, window.length, offset);
        return windowLength >= length ? 0 : -1;
    }
}
