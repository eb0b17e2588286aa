package dev.larder.store.log;

import dev.larder.store.CoarseClock;
import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Housekeeper;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import dev.larder.store.UnusableDirectoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} in append-only files, for many entries: a write appends a record, an index in memory knows where the newest
 * record of each key is, and a read that misses needs no disk.
 *
 * <p><b>Directory.</b> It belongs to one process at a time. Stores that are opened for one directory in one JVM are the
 * same store, with the settings of the first, until all of them are closed. Files in it that Larder did not make stay.
 *
 * <p><b>Crashes.</b> A write reaches the operating system before it returns, so the end of the process, however sudden, takes
 * nothing that was acknowledged: no put, no removal, no clear. What a loss of power takes is up to the {@link Durability}.
 *
 * <p><b>Damage.</b> Each read compares the whole key and checks a checksum that is bound to store, file and position. What is damaged
 * misses, and never uncovers an older value.
 *
 * <p><b>Bound.</b> {@code maxSize} bounds the lengths of all files, those that are preallocated included. It may be exceeded by
 * one segment for each shard. What goes is what was hardly used, be it new or old: entries that were used are written again as their segment
 * goes, as far as that adds no more than 40 % to what callers write. A value that is larger than the share of a shard is not
 * kept, and what it replaces is removed.
 *
 * <p><b>Keys</b> are told apart by 50 bits of a hash that is seeded at random for each store: of two keys that share them, the one
 * written later evicts the other.
 *
 * <p><b>Faults</b> of the disk, once the store is open, are misses and lost writes, reported to {@link Failures}, and never thrown. A
 * write that fails removes what it should have replaced. On a full disk the oldest segments go; when that does not help, writes are
 * dropped, and tried again a second later.
 *
 * <p><b>Counts</b> are those of this process since it opened the directory; {@code size} counts what was recovered too, and {@code
 * weight} is the bytes on disk.
 *
 * <p>Thread-safe. Reads take no lock. An interrupt does not disturb an operation.
 */
public final class LogStore implements Store<String, byte[]> {

    private final Shared shared;

    private final Store<String, byte[]> store;

    private final Failures failures;

    private volatile boolean closed;

    private LogStore(Shared shared, Failures failures) {
        this.shared = shared;
        this.store = shared.store();
        this.failures = failures;
    }

    /** A builder of a store in a directory, which is made if it does not exist. */
    public static Builder at(Path directory) {
        return new Builder(directory);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return closed ? null : store.get(key);
    }

    @Override
    public @Nullable Entry<byte[]> entry(String key) {
        return closed ? null : store.entry(key);
    }

    @Override
    public boolean contains(String key) {
        return !closed && store.contains(key);
    }

    @Override
    public void put(String key, Entry<byte[]> entry) {
        if (!closed) {
            store.put(key, entry);
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(String key, Entry<byte[]> entry) {
        return closed ? null : store.putIfAbsent(key, entry);
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        return !closed && store.touch(key, freshUntil, keptUntil);
    }

    @Override
    public boolean remove(String key) {
        return !closed && store.remove(key);
    }

    @Override
    public byte @Nullable [] pop(String key) {
        return closed ? null : store.pop(key);
    }

    /** Removes all entries, and returns when a loss of power cannot bring them back. */
    @Override
    public boolean clear() {
        return !closed && store.clear();
    }

    @Override
    public long size() {
        return closed ? 0 : store.size();
    }

    @Override
    public StoreStats stats() {
        return store.stats();
    }

    /** What the store does with its disk. Cheap enough to be called for each meter at each scrape. */
    public LogStats logStats() {
        return shared.logStats();
    }

    /** Lets the directory go, if no other store of this JVM has it open. The entries stay. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            shared.release(failures);
        }
    }

    /** Builds a {@link LogStore}. Not thread-safe. */
    public static final class Builder {

        /** Not shorter: an application takes seconds to stop. Not longer: who waits for a start wants to know why. */
        private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

        /**
         * Not fewer: opening takes ten times as long as reading, and a shard of rewritten segments has some hundred. Not more: systems limit
         * maps to 65,530.
         */
        private static final int MAX_OPEN = 4096;

        final Path directory;

        long maxSize = Long.MAX_VALUE;

        int shards = 1;

        long segmentSize;

        Durability durability = Durability.PROCESS;

        OnLocked onLocked = OnLocked.WAIT;

        Duration lockWait = LOCK_WAIT;

        long minFree;

        int maxOpen = MAX_OPEN;

        boolean openAtOnce;

        boolean allowNetwork;

        String codec = "bytes";

        @Nullable
        Encryption encryption;

        InstantSource clock = CoarseClock.shared();

        Scheduler scheduler = Housekeeper.shared();

        @Nullable
        Failures failures;

        /** How many bits of the hash are used; fewer let tests see what happens to keys that share them. */
        int hashBits = 64;

        /** What tells one run of the machine from the next; null asks the system. */
        @Nullable
        String bootId;

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /** Keeps at most so many bytes of files, and a segment for each shard; 1 or more. No bound unless said otherwise. */
        public Builder maxSize(long bytes) {
            this.maxSize = atLeast(1, bytes, "maxSize");
            return this;
        }

        /**
         * How many logs the entries are spread over, so that as many threads can write at once; 1 to 256, and 1 unless said
         * otherwise. A store that was written with another number starts empty.
         */
        public Builder shards(int count) {
            this.shards = (int) atMost(256, atLeast(1, count, "shards"), "shards");
            return this;
        }

        /**
         * The length of a file of records in bytes, from 64 KiB to 1 GiB; derived from {@link #maxSize} unless said otherwise:
         * a 32nd of the share of a shard, from 1 MiB to 64 MiB.
         */
        public Builder segmentSize(long bytes) {
            this.segmentSize = atMost(1 << 30, atLeast(1 << 16, bytes, "segmentSize"), "segmentSize");
            return this;
        }

        /** What a write survives; {@link Durability#PROCESS} unless said otherwise. */
        public Builder durability(Durability other) {
            this.durability = Objects.requireNonNull(other, "durability");
            return this;
        }

        /** What to do while another process has the directory; {@link OnLocked#WAIT} unless said otherwise. */
        public Builder onLocked(OnLocked other) {
            this.onLocked = Objects.requireNonNull(other, "onLocked");
            return this;
        }

        /** How long {@link OnLocked#WAIT} waits; 10 seconds unless said otherwise. */
        public Builder lockWait(Duration wait) {
            if (wait.isNegative()) {
                throw new IllegalArgumentException("lockWait must be 0 or more, but was %s".formatted(wait));
            }
            this.lockWait = wait;
            return this;
        }

        /** Bytes to leave free on the file system: entries go before less is left; 0 unless said otherwise. */
        public Builder minFree(long bytes) {
            this.minFree = atLeast(0, bytes, "minFree");
            return this;
        }

        /** How many files to hold open for reading, over all shards; 1 or more, and 4096 unless said otherwise. */
        public Builder maxOpen(int files) {
            this.maxOpen = (int) atLeast(1, files, "maxOpen");
            return this;
        }

        /**
         * Whether {@link #open} reads what is on disk, instead of leaving each shard to who uses it first. Not, unless said otherwise.
         */
        public Builder openAtOnce(boolean all) {
            this.openAtOnce = all;
            return this;
        }

        /** Opens directories on network file systems too, whose locks and maps may not hold what they promise. */
        public Builder allowNetwork(boolean allow) {
            this.allowNetwork = allow;
            return this;
        }

        /** The name of what makes bytes from values. A store that was written with another one starts empty. */
        public Builder codec(String label) {
            this.codec = Objects.requireNonNull(label, "codec");
            return this;
        }

        /** Encrypts the values; keys stay readable. Values that are not encrypted are misses. */
        public Builder encryption(@Nullable Encryption other) {
            this.encryption = other;
            return this;
        }

        /** Where the present comes from; {@link CoarseClock#shared()} unless said otherwise. */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "clock");
            return this;
        }

        /** Who works in the background; {@link Housekeeper#shared()} unless said otherwise. */
        public Builder scheduler(Scheduler other) {
            this.scheduler = Objects.requireNonNull(other, "scheduler");
            return this;
        }

        /** Whom to tell of faults; an object of its own, named by the directory, unless said otherwise. */
        public Builder failures(Failures other) {
            this.failures = Objects.requireNonNull(other, "failures");
            return this;
        }

        Builder hashBits(int bits) {
            this.hashBits = bits;
            return this;
        }

        Builder bootId(String id) {
            this.bootId = id;
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws UnusableDirectoryException if the directory cannot be used, or another process has it
         */
        public LogStore open() {
            Failures told = failures != null ? failures : new Failures(directory.toString(), clock);
            try {
                return new LogStore(Shared.open(this), told);
            } catch (IOException | RuntimeException ex) {
                throw UnusableDirectoryException.of(directory, ex);
            }
        }

        private static long atLeast(long least, long value, String name) {
            if (value < least) {
                throw new IllegalArgumentException("%s must be %d or more, but was %d".formatted(name, least, value));
            }
            return value;
        }

        private static long atMost(long most, long value, String name) {
            if (value > most) {
                throw new IllegalArgumentException("%s must be %d or less, but was %d".formatted(name, most, value));
            }
            return value;
        }
    }
}
