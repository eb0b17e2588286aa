package dev.larder.store.log;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an earlier process left in a directory. For one thread.
 *
 * <p>Each segment that the state lists is either whole, by its footer, because its records lead to where the next segment says that
 * they end, or because they are as long as its own header says of a segment that was rewritten; or it is the last, and ends where
 * its records end. Anything else means that there were records which nobody can know any more, and which may have replaced or
 * removed entries: then everything older goes. Only if the machine was restarted since, and the segment was not known to be synced,
 * it is the end of the log instead, as after a loss of power: then everything newer goes.
 */
final class Recovery {

    private final Path directory;

    private final State state;

    private final boolean restarted;

    private final Failures failures;

    /** What was found of a segment. */
    private record Found(
            Path path,
            SegmentHeader header,
            long length,
            Records records,
            boolean sealed,
            boolean whole,
            Walk.Previous previous) {

        /** Whether it is as one in reserve: nothing was written to it, not even where the segment before ends. */
        boolean isUnused() {
            return whole && records.end == SegmentHeader.LENGTH;
        }
    }

    private final List<Found> found = new ArrayList<>();

    /** Those in reserve. */
    private final List<Found> unused = new ArrayList<>();

    /** Hashes of entries that have lost their files, as it seems. */
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();

    Recovery(Path directory, State state, long boot, Failures failures) {
        this.directory = ShardDirectory.segments(directory);
        this.state = state;
        this.restarted = boot != state.boot() && boot != 0 && state.boot() != 0;
        this.failures = failures;
    }

    /** Whether a loss of power may have taken any part of a segment, and left its footer for example. */
    private boolean mayBeTorn(long number) {
        return restarted && number > state.synced();
    }

    /** Looks at all segments, and keeps those of which nothing newer is missing. */
    void look() {
        List<Long> numbers = state.segments();
        List<@Nullable Found> all = Arrays.asList(new @Nullable Found[numbers.size()]);
        IntStream.range(0, all.size()).parallel().forEach(i -> all.set(i, open(numbers.get(i))));
        Map<Long, Long> ends = new HashMap<>();
        for (Found one : all) {
            if (one != null && one.previous().number() != 0) {
                ends.put(one.previous().number(), one.previous().end());
            }
        }
        int last = lastWritten(all);
        for (int i = 0; i < numbers.size(); i++) {
            Found one = all.get(i);
            if (one != null && i > last) {
                unused.add(one);
            } else if (one != null && isWhole(one, i == last, ends.get(numbers.get(i)))) {
                found.add(one);
            } else if (mayBeTorn(numbers.get(i))) {
                if (one != null) {
                    found.add(one);
                }
                return;
            } else {
                found.clear();
            }
        }
    }

    private static int lastWritten(List<@Nullable Found> all) {
        for (int i = all.size() - 1; i >= 0; i--) {
            Found one = all.get(i);
            if (one == null || !one.isUnused()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isWhole(Found one, boolean last, @Nullable Long end) {
        if (one.sealed()) {
            // Else somebody who found less of it has given it the footer, and let go of what follows.
            return end == null || one.records().end == end;
        }
        if (one.header().number() % Log.STEP != 0) {
            return one.records().end + Records.footerLength(one.records().count())
                    == one.header().capacity();
        }
        if (end != null) {
            one.records().cut(Math.min(end, one.records().end));
            return one.records().end == end;
        }
        return last && one.whole();
    }

    /** The largest number of which it is known that a segment had it. */
    long lastNumber() throws IOException {
        long last = state.next() - 1;
        for (long number : ShardDirectory.numbers(directory)) {
            if (number > last && isOurs(number)) {
                last = number;
            }
        }
        return last;
    }

    private boolean isOurs(long number) {
        try (SteadyFile file = SteadyFile.read(Segment.path(directory, number))) {
            return header(file, number) != null;
        } catch (IOException ex) {
            return false;
        }
    }

    /** How a segment of this store begins; null if this is none. */
    private @Nullable SegmentHeader header(SteadyFile file, long number) throws IOException {
        byte[] bytes = new byte[SegmentHeader.LENGTH];
        SegmentHeader header =
                file.read(bytes, 0, bytes.length, 0) == bytes.length ? SegmentHeader.decode(bytes) : null;
        return header != null && header.store() == state.store() && header.number() == number ? header : null;
    }

    private @Nullable Found open(long number) {
        Path path = Segment.path(directory, number);
        try (SteadyFile file = SteadyFile.read(path)) {
            SegmentHeader header = header(file, number);
            return header == null || header.epoch() != state.epoch() ? null : open(path, file, header);
        } catch (NoSuchFileException ex) {
            return null;
        } catch (IOException ex) {
            failures.report("recover", ex);
            return null;
        }
    }

    private Found open(Path path, SteadyFile file, SegmentHeader header) throws IOException {
        long length = file.length();
        Records footer = Records.read(file, header.seed());
        boolean mayBeTorn = mayBeTorn(header.number());
        if (footer != null && !mayBeTorn) {
            Walk.Previous previous = Walk.Previous.read(file, header.seed());
            return new Found(path, header, length, footer, true, true, previous);
        }
        Walk walk = Walk.unknown(file, header.seed(), header.capacity());
        if (footer != null && walk.unsyncedDamage == 0 && walk.records.end == footer.end) {
            return new Found(path, header, length, footer, true, true, walk.previous);
        }
        if (restarted && walk.unsyncedDamage != 0) {
            walk.records.cut(walk.unsyncedDamage);
            walk.endsInNothing = false;
        }
        boolean whole = walk.endsInNothing && length == header.capacity();
        return new Found(path, header, length, walk.records, false, whole, walk.previous);
    }

    /**
     * Makes what was found the content of a log.
     *
     * @param now the latest time that anybody told; what had expired by then does not come back, whatever the clock says now
     */
    void adopt(Log log, Index index, LargeFiles large, Remains remains, Readers readers, long now) throws IOException {
        List<Segment> segments = new ArrayList<>();
        long sequence = 0;
        for (Found one : found) {
            Segment segment = adopt(one, log, readers);
            if (restarted && one.sealed()) {
                segment.setSynced(); // the others get footers, on which their successors will rely
            }
            segments.add(segment);
            sequence = Math.max(sequence, one.records().sequence);
        }
        List<Sorted> sorted = sort(segments);
        Set<String> known = ConcurrentHashMap.newKeySet();
        IntStream.range(0, Index.PARTITIONS)
                .parallel()
                .forEach(partition -> adopt(partition, sorted, index, large, now, known));
        log.adopt(segments, sequence);
        index.removeMarkers(remains::left);
        lost.forEach(remains::doubt);
        large.deleteUnknown(known, restarted || segments.isEmpty());
        deleteOthers();
        for (Found one : unused) {
            log.forgetSpare(adopt(one, log, readers));
        }
    }

    private static Segment adopt(Found one, Log log, Readers readers) throws IOException {
        Segment segment = Segment.recovered(
                one.path(), one.header(), log.files.freeSlot(), one.length(), one.records(), one.sealed(), readers);
        log.files.add(segment);
        return segment;
    }

    private List<Sorted> sort(List<Segment> segments) {
        Sorted[] sorted = new Sorted[segments.size()];
        IntStream.range(0, sorted.length)
                .parallel()
                .forEach(i -> sorted[i] = sort(segments.get(i), found.get(i).records()));
        return List.of(sorted);
    }

    private static Sorted sort(Segment segment, Records records) {
        segment.count(records);
        return new Sorted(segment, records);
    }

    /** Puts the records of a partition of the index, the last one first. */
    private void adopt(int partition, List<Sorted> sorted, Index index, LargeFiles large, long now, Set<String> known) {
        int count = 0;
        for (Sorted one : sorted) {
            count += one.count(partition);
        }
        index.reserve(partition, count);
        for (int i = sorted.size() - 1; i >= 0; i--) {
            adopt(partition, sorted.get(i), index, large, now, known);
        }
    }

    private void adopt(int partition, Sorted sorted, Index index, LargeFiles large, long now, Set<String> known) {
        Segment segment = sorted.segment;
        Records records = sorted.records;
        long live = 0;
        for (int i = sorted.to(partition) - 1; i >= sorted.from(partition); i--) {
            long hash = records.hash(i);
            long offset = records.offset(i);
            long place = Place.of(segment.slot, offset);
            int kind = records.kind(i);
            boolean lives = (kind == RecordFormat.PUT || kind == RecordFormat.LARGE) && now < records.keptUntil(i);
            if (!lives) {
                index.markIfUnknown(hash);
            } else if (index.putIfUnknown(hash, place, records.length(i), records.keptUntil(i))) {
                int length = records.length(i);
                if (kind == RecordFormat.LARGE) {
                    length = adopt(segment, hash, offset, large, place, known);
                    if (length == 0) {
                        // Power may have taken the file, and it may be back the next time. Older values stay hidden.
                        index.mark(hash);
                        lost.add(hash);
                        continue;
                    }
                    index.put(hash, place, length, records.keptUntil(i));
                }
                live += Place.length(Place.withLength(place, length));
            }
        }
        segment.live.addAndGet(live);
    }

    /** The length of a record without the file it tells of; 0 if that is not there, or not whole although it may be torn. */
    private int adopt(Segment segment, long hash, long offset, LargeFiles large, long place, Set<String> known) {
        Scratch scratch = Scratch.take();
        try {
            byte[] record = segment.record(scratch, offset);
            if (record == null) {
                return 0;
            }
            byte[] told = LargeFormat.told(record);
            boolean isWhole = !mayBeTorn(segment.number()) || large.read(hash, told) != null;
            String name = isWhole ? large.adopt(hash, told, place, restarted) : null;
            if (name == null) {
                return 0;
            }
            known.add(name);
            return record.length;
        } catch (IOException ex) {
            failures.report("recover", ex);
            return 0;
        } finally {
            scratch.give();
        }
    }

    /** Deletes segments that are not part of the log. */
    private void deleteOthers() throws IOException {
        Set<Path> ours = new HashSet<>();
        found.forEach(one -> ours.add(one.path()));
        unused.forEach(one -> ours.add(one.path()));
        ShardDirectory.deleteSegments(directory, ours);
    }
}
