package dev.larder.store.log;

import dev.larder.store.Entry;
import dev.larder.store.StoredEntries;
import dev.larder.store.StoredEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The log of a shard, to be looked at, whoever has it open. Goes through it from the newest record to the oldest. */
final class FoundLog {

    /** What a later version would begin with as well. */
    private static final byte[] FAMILY = {'L', 'A', 'R', 'D', 'E', 'R', 'L'};

    /** How often a key is looked for in a log that changes each time: more than that is not chance. */
    private static final int ATTEMPTS = 10;

    private static final long IDENTITY = (1L << Partition.HASH_BITS) - 1;

    private final Path root;

    private final Path directory;

    FoundLog(Path root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    /** What is done with each record. */
    @FunctionalInterface
    private interface Look {

        /**
         * Looks at a record.
         *
         * @param newest whether it is an entry, and the newest record of its key
         */
        void at(FoundSegment segment, int record, boolean newest) throws IOException;
    }

    /**
     * How much there is.
     *
     * @param live what the newest records of all keys take, in bytes
     * @param bytes the lengths of all files
     */
    record Sizes(long segments, long live, long bytes) {}

    Sizes sizes() throws IOException {
        State state = null;
        try {
            state = state();
        } catch (DamagedFileException ex) {
            // Reading tells.
        }
        if (state == null) {
            return new Sizes(0, 0, 0);
        }
        long[] live = new long[1];
        scan(state, Quiet.INSTANCE, (segment, record, newest) -> {
            live[0] += newest ? segment.records.length(record) : 0;
        });
        long bytes = lengths(ShardDirectory.segments(directory)) + lengths(ShardDirectory.large(directory));
        return new Sizes(state.segments().size(), live[0], bytes);
    }

    private static long lengths(Path files) throws IOException {
        long bytes = 0;
        for (Path file : Directories.list(files)) {
            try {
                bytes += Files.size(file);
            } catch (NoSuchFileException ex) {
                // Removed meanwhile.
            }
        }
        return bytes;
    }

    /** Null if the log is empty because it has none. */
    private @Nullable State state() throws IOException {
        Path path = State.path(directory);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            State state = State.read(directory);
            if (state != null || Files.notExists(path)) {
                return state;
            }
        }
        byte[] start = new byte[FAMILY.length + 1];
        try (SteadyFile file = SteadyFile.read(path)) {
            int read = file.read(start, 0, start.length, 0);
            boolean isLater = read == start.length
                    && Arrays.equals(start, 0, FAMILY.length, FAMILY, 0, FAMILY.length)
                    && start[FAMILY.length] != '1';
            throw new DamagedFileException(
                    isLater ? "Of a version that this one does not know" : "Damaged: the store starts empty");
        }
    }

    void read(boolean whole, StoredEntries.Visitor visitor) throws IOException {
        State state;
        try {
            state = state();
        } catch (DamagedFileException ex) {
            visitor.damaged(where(State.path(directory)), ex.what());
            return;
        }
        if (state == null) {
            return;
        }
        LargeFiles large = new LargeFiles(ShardDirectory.large(directory), state.store());
        scan(state, visitor, (segment, record, newest) -> {
            if (whole || newest) {
                show(state, segment, record, newest, whole, large, visitor);
            }
        });
    }

    private void show(
            State state,
            FoundSegment segment,
            int record,
            boolean newest,
            boolean whole,
            LargeFiles large,
            StoredEntries.Visitor visitor)
            throws IOException {
        long offset = segment.records.offset(record);
        byte[] bytes = whole ? segment.record(offset) : segment.start(offset, FoundRecord.START_OF_VALUE);
        if (bytes == null || (whole && !FoundSegment.isPadded(bytes))) {
            if (!isDropped(segment.number)) {
                visitor.damaged(where(segment, offset), "A record that is not as it was written");
            }
            return;
        }
        if (newest) {
            if (whole
                    && RecordFormat.kind(bytes, 0) == RecordFormat.LARGE
                    && new FoundRecord(bytes, large).value() == null) {
                if (isMissed(segment.number, offset, bytes)) {
                    visitor.damaged(where(large.path(LargeFormat.told(bytes))), "A missing or damaged value");
                }
                return;
            }
            visitor.entry(entry(state, segment, offset, bytes, large));
        }
    }

    /** Whether a value should be there: its record is still the newest of its key, and its life is not over. */
    private boolean isMissed(long segment, long offset, byte @Nullable [] record) throws IOException {
        for (int look = 1; record != null && look <= FoundSegment.LOOKS; look++) {
            State now = state();
            Newest place = now == null ? null : newest(now, RecordFormat.hash(record, 0));
            if (now == null
                    || place == null
                    || place.segment() != segment
                    || place.offset() != offset
                    || Math.max(now.time(), System.currentTimeMillis()) >= RecordFormat.keptUntil(record, 0)) {
                return false;
            }
            // The file of an entry that is evicted goes before its segment.
            LockSupport.parkNanos(FoundSegment.BETWEEN_LOOKS_NANOS);
        }
        return true;
    }

    /** Goes through all records, but those that tell of segments. */
    private void scan(State state, StoredEntries.Visitor visitor, Look look) throws IOException {
        Index index = new Index();
        Map<Long, Long> ends = new HashMap<>();
        List<Long> numbers = state.segments();
        for (int slot = numbers.size() - 1; slot >= 0; slot--) {
            long number = numbers.get(slot);
            try (FoundSegment segment = FoundSegment.open(directory, root, state, number)) {
                checkEnd(segment, ends.get(number), visitor);
                ends.put(segment.previous.number(), segment.previous.end());
                scan(segment, slot, index, look);
            } catch (NoSuchFileException ex) {
                tell(number, "A missing segment", visitor);
            } catch (DamagedFileException ex) {
                tell(number, ex.what(), visitor);
            }
        }
    }

    private static void scan(FoundSegment segment, int slot, Index index, Look look) throws IOException {
        Records records = segment.records;
        for (int i = records.count() - 1; i >= 0; i--) {
            boolean newest = false;
            if (records.kind(i) == RecordFormat.TOMBSTONE) {
                index.markIfUnknown(records.hash(i));
            } else {
                newest = index.putIfUnknown(
                        records.hash(i), Place.of(slot, records.offset(i)), records.length(i), Entry.FOREVER);
            }
            look.at(segment, i, newest);
        }
    }

    /** A segment that was cut by hand ends before the next one says that it ends. */
    private void checkEnd(FoundSegment segment, @Nullable Long end, StoredEntries.Visitor visitor) throws IOException {
        if (segment.damage != null) {
            tell(segment.number, segment.damage, visitor);
        } else if (end != null && segment.records.end < end) {
            tell(segment.number, "Records from %d to %d are lost".formatted(segment.records.end, end), visitor);
        } else if (segment.records.end > SegmentHeader.LENGTH && !isStart(segment.record(SegmentHeader.LENGTH))) {
            tell(segment.number, "A first record that is not as it was written", visitor);
        }
        if (end != null) {
            segment.records.cut(Math.min(end, segment.records.end));
        }
    }

    private static boolean isStart(byte @Nullable [] record) {
        return record != null && RecordFormat.kind(record, 0) == RecordFormat.START && FoundSegment.isPadded(record);
    }

    private void tell(long number, String what, StoredEntries.Visitor visitor) throws IOException {
        if (!isDropped(number)) {
            visitor.damaged(where(Segment.path(ShardDirectory.segments(directory), number)), what);
        }
    }

    /**
     * Whether a segment is no part of the log any more, so that it may be in any state: it is not listed, or deleted without a
     * word because nothing is older.
     */
    private boolean isDropped(long number) throws IOException {
        State now = State.read(directory);
        if (now == null || !now.segments().contains(number)) {
            return true;
        }
        for (long other : now.segments()) {
            if (other <= number && !isEmpty(other)) {
                return false;
            }
        }
        return true;
    }

    /** What is dropped is cut before it is deleted. */
    private boolean isEmpty(long number) throws IOException {
        try {
            return Files.size(Segment.path(ShardDirectory.segments(directory), number)) == 0;
        } catch (NoSuchFileException ex) {
            return true;
        }
    }

    @Nullable
    StoredEntry find(String key) throws IOException {
        for (int attempt = 1; ; attempt++) {
            State state = state();
            StoredEntry entry = state == null ? null : find(state, key);
            if (entry != null || state == null || attempt == ATTEMPTS || state.equals(state())) {
                return entry;
            }
        }
    }

    private @Nullable StoredEntry find(State state, String key) throws IOException {
        byte[] bytes = Texts.encode(key);
        Newest newest = newest(state, new SeededHash(state.store()).of(bytes, 0, bytes.length));
        if (newest == null || newest.kind() == RecordFormat.TOMBSTONE) {
            return null;
        }
        try (FoundSegment segment = FoundSegment.open(directory, root, state, newest.segment())) {
            byte[] start = segment.start(newest.offset(), FoundRecord.START_OF_VALUE);
            LargeFiles large = new LargeFiles(ShardDirectory.large(directory), state.store());
            StoredEntry entry = start == null ? null : entry(state, segment, newest.offset(), start, large);
            return entry != null && entry.key().equals(key) ? entry : null;
        } catch (NoSuchFileException | DamagedFileException ex) {
            return null;
        }
    }

    /** Where the newest record of a key is. */
    private record Newest(long segment, long offset, int kind) {}

    private @Nullable Newest newest(State state, long hash) throws IOException {
        List<Long> numbers = state.segments();
        for (int i = numbers.size() - 1; i >= 0; i--) {
            try (FoundSegment segment = FoundSegment.open(directory, root, state, numbers.get(i))) {
                Records records = segment.records;
                for (int record = records.count() - 1; record >= 0; record--) {
                    if (((records.hash(record) ^ hash) & IDENTITY) == 0) {
                        return new Newest(segment.number, records.offset(record), records.kind(record));
                    }
                }
            } catch (NoSuchFileException | DamagedFileException ex) {
                // Dropped meanwhile, or for "verify" to tell of.
            }
        }
        return null;
    }

    private StoredEntry entry(State state, FoundSegment segment, long offset, byte[] bytes, LargeFiles large)
            throws IOException {
        long number = segment.number;
        return new FoundRecord(bytes, large)
                .entry(where(segment, offset), target -> write(state, number, offset, large, target));
    }

    private void write(State state, long number, long offset, LargeFiles large, OutputStream target)
            throws IOException {
        try (FoundSegment segment = FoundSegment.open(directory, root, state, number)) {
            byte[] record = segment.record(offset);
            byte[] value = record == null ? null : new FoundRecord(record, large).value();
            if (value == null) {
                boolean isLarge = record != null && RecordFormat.kind(record, 0) == RecordFormat.LARGE;
                throw isDropped(number) || (isLarge && !isMissed(number, offset, record))
                        ? new NoSuchFileException(segment.name)
                        : new DamagedFileException("'%s' is damaged".formatted(where(segment, offset)));
            }
            target.write(value);
        }
    }

    private String where(Path file) {
        return root.relativize(file).toString();
    }

    private static String where(FoundSegment segment, long offset) {
        return segment.name + ":" + offset;
    }

    /** For those who only count. */
    private enum Quiet implements StoredEntries.Visitor {
        INSTANCE;

        @Override
        public void entry(StoredEntry entry) {}

        @Override
        public void damaged(String where, String what) {}
    }
}
