package dev.larder.store.log;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.StoreCounts;
import dev.larder.store.StoreStats;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One log with its index: a part of a {@link LogStore}. Thread-safe. */
final class Shard implements Store<String, byte[]> {

    private final Index index;

    private final Log log;

    private final LargeFiles large;

    private final Reads reads;

    private final Writes writes;

    private final Room room;

    private final Ghosts ghosts;

    private final Upkeep upkeep;

    private final StoreCounts counts;

    private final KeyHash hash;

    private final Values values;

    private final InstantSource clock;

    private final long recoveryMillis;

    private volatile boolean closed;

    Shard(
            Index index,
            Log log,
            LargeFiles large,
            Reads reads,
            Writes writes,
            Room room,
            Ghosts ghosts,
            Upkeep upkeep,
            StoreCounts counts,
            KeyHash hash,
            Values values,
            InstantSource clock,
            long recoveryMillis) {
        this.index = index;
        this.log = log;
        this.large = large;
        this.reads = reads;
        this.writes = writes;
        this.room = room;
        this.ghosts = ghosts;
        this.upkeep = upkeep;
        this.counts = counts;
        this.hash = hash;
        this.values = values;
        this.clock = clock;
        this.recoveryMillis = recoveryMillis;
    }

    /** Values as they are on disk. */
    record Values(@Nullable Encryption encryption, Failures failures) {

        byte[] encode(Scratch scratch, byte[] value) {
            return encryption == null ? value : encryption.encrypt(value, Reads.key(scratch));
        }

        byte @Nullable [] decode(Scratch scratch) {
            byte[] value = scratch.value();
            if (encryption == null || value == null) {
                return value;
            }
            try {
                return encryption.decrypt(value, Reads.key(scratch));
            } catch (RuntimeException ex) {
                failures.report("decode", ex);
                return null;
            }
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        Scratch scratch = Scratch.of(key, hash);
        try {
            byte[] value = isFresh(scratch, find(scratch, clock.millis(), true)) ? open(scratch) : null;
            if (value == null) {
                counts.misses.increment();
            } else {
                index.use(scratch.hash, scratch.place);
                counts.hits.increment();
            }
            return value;
        } finally {
            scratch.give();
        }
    }

    @Override
    public @Nullable Entry<byte[]> entry(String key) {
        Scratch scratch = Scratch.of(key, hash);
        try {
            long now = clock.millis();
            if (find(scratch, now, true) != Outcome.FOUND || now >= RecordFormat.keptUntil(scratch.seen, 0)) {
                return null;
            }
            byte[] value = open(scratch);
            return value == null
                    ? null
                    : new Entry<>(
                            value,
                            RecordFormat.freshUntil(scratch.seen, 0),
                            RecordFormat.keptUntil(scratch.seen, 0),
                            Reads.etag(scratch));
        } finally {
            scratch.give();
        }
    }

    @Override
    public boolean contains(String key) {
        Scratch scratch = Scratch.of(key, hash);
        try {
            return isFresh(scratch, find(scratch, clock.millis(), false));
        } finally {
            scratch.give();
        }
    }

    /** The value that was found. One that cannot be decrypted is null, and goes: it would be there for ever. */
    private byte @Nullable [] open(Scratch scratch) {
        byte[] value = values.decode(scratch);
        if (value == null) {
            writes.removals().bury(scratch);
        }
        return value;
    }

    private boolean isFresh(Scratch scratch, Outcome outcome) {
        return outcome == Outcome.FOUND && isFuture(RecordFormat.freshUntil(scratch.seen, 0));
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }

    private Outcome find(Scratch scratch, long now, boolean whole) {
        if (closed) {
            return Outcome.ABSENT;
        }
        Outcome outcome = whole ? reads.findValue(scratch, now) : reads.find(scratch, now, false);
        if (outcome == Outcome.DAMAGED) {
            writes.removals().bury(scratch);
        }
        return outcome;
    }

    @Override
    public void put(String key, Entry<byte[]> entry) {
        Objects.requireNonNull(entry.value(), "value");
        Scratch scratch = Scratch.of(key, hash);
        try {
            writes.puts().put(scratch, entry.withValue(values.encode(scratch, entry.value())));
        } finally {
            scratch.give();
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(String key, Entry<byte[]> entry) {
        Objects.requireNonNull(entry.value(), "value");
        Scratch scratch = Scratch.of(key, hash);
        try {
            Entry<byte[]> encoded = entry.withValue(values.encode(scratch, entry.value()));
            byte[] present = null;
            // Again if what is there cannot be decrypted: then it has been removed
            for (int tries = 0; present == null && tries < 2; tries++) {
                if (closed || writes.puts().putIfAbsent(scratch, encoded)) {
                    return null;
                }
                present = open(scratch);
            }
            return present;
        } finally {
            scratch.give();
        }
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        Entry<String> life = new Entry<>(key, freshUntil, keptUntil, null);
        Scratch scratch = Scratch.of(key, hash);
        try {
            return !closed && writes.touches().touch(scratch, life.freshUntil(), life.keptUntil());
        } finally {
            scratch.give();
        }
    }

    @Override
    public boolean remove(String key) {
        Scratch scratch = Scratch.of(key, hash);
        try {
            return writes.removals().take(scratch, false);
        } finally {
            scratch.give();
        }
    }

    @Override
    public byte @Nullable [] pop(String key) {
        Scratch scratch = Scratch.of(key, hash);
        try {
            byte[] value = writes.removals().take(scratch, true) ? values.decode(scratch) : null;
            (value == null ? counts.misses : counts.hits).increment();
            return value;
        } finally {
            scratch.give();
        }
    }

    @Override
    public boolean clear() {
        Scratch scratch = Scratch.take();
        try {
            return writes.removals().clear(scratch);
        } finally {
            scratch.give();
        }
    }

    @Override
    public long size() {
        return closed ? 0 : index.size();
    }

    @Override
    public StoreStats stats() {
        return counts.stats(size(), closed ? 0 : log.files.bytes() + large.bytes());
    }

    LogStats logStats() {
        long live = log.live() + large.bytes();
        return new LogStats(
                log.segments().size(),
                live,
                Math.max(0, log.files.bytes() + large.bytes() - live),
                log.written(),
                log.moved(),
                index.heapBytes() + ghosts.heapBytes(),
                recoveryMillis,
                room.isReadOnly());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writes.changes().close();
            upkeep.close();
        }
    }
}
