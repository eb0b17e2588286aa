package dev.larder.store.log;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Which keys without an entry may have records on disk that must not come back, such as those below a tombstone. A record that is
 * written for such a key has to say that it {@linkplain RecordFormat#REPLACES replaces} something, although there is no entry
 * that it replaces.
 *
 * <p>A table of times instead of a set of keys: for the keys that share a slot, when the last of them lost its entry, told by the
 * segments that existed. When these are gone the slot means nothing any more, so that nothing has to be taken out. That other keys are taken
 * for such costs a tombstone each, when their record goes before older ones.
 *
 * <p>Thread-safe.
 */
final class Remains {

    /** 64 KiB for a shard that something is removed from. Fewer, and most slots are busy when some hundred keys come and go. */
    private static final int SLOTS = 1 << 14;

    private static final int SHIFT = Index.PARTITION_BITS;

    private final Log log;

    private volatile @Nullable AtomicIntegerArray last;

    /** Keys whose newest record could not be used, and may be the next time: whoever removes such a key has to leave a tombstone. */
    private final Set<Long> doubtful = ConcurrentHashMap.newKeySet();

    Remains(Log log) {
        this.log = log;
    }

    /** An entry is gone, and its records may stay. */
    void left(long hash) {
        List<Segment> segments = log.segments();
        if (segments.isEmpty()) {
            return;
        }
        int now = generation(segments.get(segments.size() - 1));
        AtomicIntegerArray table = last;
        if (table == null) {
            table = make();
        }
        int slot = slot(hash);
        if (table.get(slot) < now) {
            table.accumulateAndGet(slot, now, Math::max);
        }
    }

    private synchronized AtomicIntegerArray make() {
        AtomicIntegerArray table = last;
        if (table == null) {
            table = new AtomicIntegerArray(SLOTS);
            last = table;
        }
        return table;
    }

    /** The newest record of a key could not be used, as it seems. */
    void doubt(long hash) {
        doubtful.add(hash);
    }

    /** Whether a key without an entry may get one back from its newest record. */
    boolean isDoubtful(long hash) {
        return doubtful.contains(hash);
    }

    /** Whether a key without an entry may have records. */
    boolean has(long hash) {
        AtomicIntegerArray table = last;
        List<Segment> segments = log.segments();
        return table != null && !segments.isEmpty() && table.get(slot(hash)) >= generation(segments.get(0));
    }

    private static int generation(Segment segment) {
        return (int) Math.min(segment.number() / Log.STEP, Integer.MAX_VALUE);
    }

    private static int slot(long hash) {
        return (int) (hash >>> SHIFT) & SLOTS - 1;
    }
}
