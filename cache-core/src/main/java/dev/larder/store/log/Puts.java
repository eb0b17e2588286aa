package dev.larder.store.log;

import dev.larder.store.Entry;
import dev.larder.store.StoreCounts;
import dev.larder.store.log.LargeFiles.Staged;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries. One for which there is no room takes out what it should have replaced.
 *
 * <p>Thread-safe.
 */
final class Puts {

    private final Index index;

    private final Tail tail;

    private final Staging staging;

    private final Reads reads;

    private final Books books;

    private final Remains remains;

    private final Ghosts ghosts;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Changes changes;

    private final Removals removals;

    Puts(
            Index index,
            Log log,
            Staging staging,
            Reads reads,
            Books books,
            Remains remains,
            Ghosts ghosts,
            StoreCounts counts,
            InstantSource clock,
            Changes changes,
            Removals removals) {
        this.index = index;
        this.tail = log.tail;
        this.staging = staging;
        this.reads = reads;
        this.books = books;
        this.remains = remains;
        this.ghosts = ghosts;
        this.counts = counts;
        this.clock = clock;
        this.changes = changes;
        this.removals = removals;
    }

    /** Puts an entry. The key has been set. */
    void put(Scratch scratch, Entry<byte[]> entry) {
        if (!entry.isKept(clock.millis())) {
            putNothing(scratch, false, counts.expired);
            return;
        }
        putIf(scratch, entry, false);
    }

    /** Puts an entry unless there is a fresh one, whose value is then left in the scratch; returns whether it was put. */
    boolean putIfAbsent(Scratch scratch, Entry<byte[]> entry) {
        return putIf(scratch, entry, true);
    }

    private boolean putIf(Scratch scratch, Entry<byte[]> entry, boolean absent) {
        byte[] value = entry.value();
        byte[] etag = etag(entry);
        long length = RecordFormat.length(scratch.keyLength, etag.length, value.length);
        if (!staging.isLarge(length)) {
            fill(scratch, RecordFormat.PUT, entry, etag, value);
            return changes.make(
                    length, () -> putNow(scratch, entry, null, absent), () -> removals.forgetInstead(scratch), false);
        }
        if (staging.isTooLarge(value.length)) {
            return putNothing(scratch, absent, counts.evicted);
        }
        Staged staged = staging.stage(scratch, value);
        if (staged == null) {
            return putNothing(scratch, absent, counts.evicted);
        }
        fill(scratch, RecordFormat.LARGE, entry, etag, staged.told());
        try {
            return changes.make(
                    RecordFormat.length(scratch.record, 0),
                    () -> putNow(scratch, entry, staged, absent),
                    () -> removals.forgetInstead(scratch),
                    false);
        } finally {
            staging.discard(staged);
        }
    }

    private boolean putNow(Scratch scratch, Entry<byte[]> entry, @Nullable Staged staged, boolean absent)
            throws IOException {
        long now = clock.millis();
        if (absent && reads.findFresh(scratch, now)) {
            return false;
        }
        if (!entry.isKept(now)) {
            putNothingNow(scratch, now, counts.expired);
            return true;
        }
        if (staged != null) {
            staging.commit(staged, scratch.record);
        }
        int length = (int) RecordFormat.length(scratch.record, 0);
        long keptBefore = index.keptUntil(scratch.hash);
        boolean isNew = keptBefore == 0;
        RecordFormat.setReplaces(scratch.record, !isNew || remains.has(scratch.hash));
        long place = staged == null ? tail.append(scratch.record) : staging.append(staged, scratch.record);
        counts.puts.increment();
        books.put(scratch, place, length, entry.keptUntil(), keptBefore, now);
        if (isNew && ghosts.take(scratch.hash)) {
            index.setUses(scratch.hash, place, Eviction.USED_GHOST);
        }
        return true;
    }

    /** Puts an entry that is gone at once, for this reason: what it replaces goes. */
    private boolean putNothing(Scratch scratch, boolean absent, LongAdder reason) {
        return changes.make(
                RecordFormat.EMPTY,
                () -> {
                    long now = clock.millis();
                    if (absent && reads.findFresh(scratch, now)) {
                        return false;
                    }
                    putNothingNow(scratch, now, reason);
                    return true;
                },
                () -> removals.forgetInstead(scratch),
                false);
    }

    private void putNothingNow(Scratch scratch, long now, LongAdder reason) throws IOException {
        counts.puts.increment();
        reason.increment();
        removals.buryNow(scratch, now);
    }

    private static byte[] etag(Entry<byte[]> entry) {
        String etag = entry.etag();
        byte[] bytes = etag == null ? new byte[0] : Texts.encode(etag);
        return bytes.length > RecordFormat.MAX_ETAG ? new byte[0] : bytes;
    }

    private static void fill(Scratch scratch, int kind, Entry<byte[]> entry, byte[] etag, byte[] value) {
        int flags = scratch.keyFlags;
        String text = entry.etag();
        if (text != null && (etag.length > 0 || text.isEmpty())) {
            flags |= RecordFormat.WITH_ETAG | (Texts.isWide(text) ? RecordFormat.ETAG_UTF16 : 0);
        }
        int head = RecordFormat.HEADER + scratch.keyLength;
        scratch.reserveRecord((int) RecordFormat.length(scratch.keyLength, etag.length, value.length));
        byte[] record = scratch.record;
        RecordFormat.describe(
                record,
                kind,
                flags,
                scratch.hash,
                entry.freshUntil(),
                entry.keptUntil(),
                scratch.keyLength,
                etag.length,
                value.length);
        System.arraycopy(etag, 0, record, head, etag.length);
        System.arraycopy(value, 0, record, head + etag.length, value.length);
    }
}
