package dev.larder.store.disk;

import dev.larder.store.CoarseClock;
import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Housekeeper;
import dev.larder.store.LoadLease;
import dev.larder.store.Payload;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreCounts;
import dev.larder.store.StoreStats;
import dev.larder.store.UnusableDirectoryException;
import dev.larder.store.disk.Bodies.Prepared;
import dev.larder.store.disk.Departures.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Store} on disk: a file for each entry, for people to look into and for processes to share.
 *
 * <p><b>Directory.</b> The directory is the store's own. Files in it that Larder did not make stay, but may be moved to {@code
 * trash} by a clear. Several processes may share it, on network file systems too; no lock of the operating system is used.
 *
 * <pre>
 * store.json    how it is laid out                                   {@link StoreFile}
 * entries/      the entries, fanned out by the hash of the key       {@link Places}, {@link ManifestFormat}
 * ledger/       how many there are, and their bytes, by process      {@link Ledger}
 * locks/        who loads a missing value, who sweeps                {@link Leases}
 * trash/        what clear removed and the background deletes        {@link Trash}
 * </pre>
 *
 * <p><b>Values</b> are bytes, or files ({@link #files}): then what is read is the path of a file, which stays for a {@linkplain
 * Builder#payloadGrace while} when its entry is replaced or removed, and must not be changed. The checksum of bytes is checked
 * at each read; of a file that is given back as a path only the length is.
 *
 * <p><b>Atomicity.</b> An entry is written to a temporary file and renamed, so readers see the old one or the new one. {@code
 * putIfAbsent} is a hard link, {@code pop} and {@code remove} are renames, so of several processes one wins. A touch overwrites
 * the life in place. File systems without hard links have {@code putIfAbsent} atomic in one process only. A clear renames the
 * directory of all entries; in a store of files it removes one after another.
 *
 * <p><b>Bounds.</b> {@code maxEntries} and {@code maxSize}, least recently used first; see {@link Evictor} for how exact that is.
 * The size of an entry is the length of its manifest and its body. The bounds hold at every instant for what one process
 * writes, apart from temporary files of writes in flight and bodies that are kept for readers; what other processes wrote
 * within the last tenth of a second comes on top, or within the last second where the disk is slow to tell.
 *
 * <p><b>Faults</b> of the disk, once the store is open, are misses and lost writes, reported to {@link Failures}, and never thrown.
 * A write that fails removes what it should have replaced. What cannot be removed is hidden from this process until it can.
 *
 * <p><b>Life.</b> Expired entries are never returned; the background removes them about a second later, or later in a large
 * store ({@link Sweep}). Instants outside of the years 0 to 9999 become the nearest inside.
 *
 * <p><b>Counts</b> are those of this process; {@code size} and {@code weight}, in bytes, are of all. Both are sums that each process
 * keeps, and may be off after a crash until the background has counted.
 *
 * <p>Thread-safe. Reads take no lock. An interrupt does not disturb an operation.
 *
 * @param <V> {@code byte[]} or {@link Payload}
 */
public final class DiskStore<V> implements Store<String, V> {

    private final Places places;

    private final Disk disk;

    private final Reads<V> reads;

    private final Contents<V> contents;

    private final Departures<V> departures;

    private final Clearing clearing;

    private final Undeleted undeleted;

    private final ManifestFiles manifests;

    private final Ledger ledger;

    private final Recency recency;

    private final Leases leases;

    private final Upkeep upkeep;

    private final Runnable retry;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    private volatile boolean closed;

    DiskStore(
            Places places,
            Disk disk,
            Reads<V> reads,
            Contents<V> contents,
            Departures<V> departures,
            Clearing clearing,
            Undeleted undeleted,
            ManifestFiles manifests,
            Ledger ledger,
            Recency recency,
            Leases leases,
            Upkeep upkeep,
            Runnable retry,
            StoreCounts counts,
            InstantSource clock,
            Failures failures) {
        this.places = places;
        this.disk = disk;
        this.reads = reads;
        this.contents = contents;
        this.departures = departures;
        this.clearing = clearing;
        this.undeleted = undeleted;
        this.manifests = manifests;
        this.ledger = ledger;
        this.recency = recency;
        this.leases = leases;
        this.upkeep = upkeep;
        this.retry = retry;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /** A builder of a store of bytes in a directory, which is made if it does not exist. */
    public static Builder<byte[]> bytes(Path directory) {
        return new Builder<>(directory, Assembly::bytes);
    }

    /** A builder of a store of files in a directory, which is made if it does not exist. */
    public static Builder<Payload> files(Path directory) {
        return new Builder<>(directory, Assembly::files);
    }

    @Override
    public @Nullable V get(String key) {
        Key known = Key.of(key);
        String id = places.id(known);
        Stored<V> stored = find(id, known);
        if (stored != null && isFuture(stored.manifest().freshUntil())) {
            counts.hits.increment();
            recency.used(id);
            return stored.value();
        }
        counts.misses.increment();
        return null;
    }

    @Override
    public @Nullable Entry<V> entry(String key) {
        Key known = Key.of(key);
        Stored<V> stored = find(places.id(known), known);
        return stored != null && isFuture(stored.manifest().keptUntil()) ? stored.entry() : null;
    }

    private @Nullable Stored<V> find(String id, Key key) {
        return closed || undeleted.hides(id) ? null : reads.read(places.manifest(id), key);
    }

    @Override
    public boolean contains(String key) {
        Key known = Key.of(key);
        String id = places.id(known);
        if (closed || undeleted.hides(id)) {
            return false;
        }
        try {
            Manifest manifest = manifests.read(places.manifest(id), known);
            return manifest.isReadable() && isFuture(manifest.freshUntil());
        } catch (NoSuchFileException ex) {
            return false;
        } catch (IOException | RuntimeException ex) {
            failures.report("read", ex);
            return false;
        }
    }

    @Override
    public void put(String key, Entry<V> entry) {
        Key known = Key.of(key);
        Objects.requireNonNull(entry.value(), "value");
        if (!closed) {
            contents.put(known, entry);
        }
    }

    @Override
    public @Nullable V putIfAbsent(String key, Entry<V> entry) {
        Key known = Key.of(key);
        Objects.requireNonNull(entry.value(), "value");
        return !closed ? contents.putIfAbsent(known, entry) : null;
    }

    @Override
    public boolean touch(String key, long freshUntil, long keptUntil) {
        Key known = Key.of(key);
        return !closed && contents.touch(known, new Entry<>(known, freshUntil, keptUntil, null));
    }

    @Override
    public boolean remove(String key) {
        Key known = Key.of(key);
        Taken<V> taken = !closed ? departures.take(known, false) : null;
        return taken != null && taken.isFresh();
    }

    @Override
    public @Nullable V pop(String key) {
        Key known = Key.of(key);
        Taken<V> taken = !closed ? departures.take(known, true) : null;
        V value = taken == null ? null : taken.value();
        (value == null ? counts.misses : counts.hits).increment();
        return value;
    }

    @Override
    public boolean clear() {
        return !closed && clearing.clear();
    }

    @Override
    public @Nullable LoadLease tryBeginLoad(String key) {
        Key known = Key.of(key);
        return closed ? LoadLease.ALONE : leases.tryAcquire(known.hash());
    }

    /** The number of entries of all processes; what others wrote within about the last second may be missing. */
    @Override
    public long size() {
        if (closed) {
            return 0;
        }
        ledger.look();
        return ledger.entries();
    }

    @Override
    public StoreStats stats() {
        return counts.stats(size(), closed ? 0 : ledger.bytes());
    }

    /** Lets others have what this store held. The entries stay. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            retry.run();
            upkeep.close();
        }
    }

    InstantSource clock() {
        return clock;
    }

    /**
     * A place for a file that is going to be {@linkplain #adopt adopted}. Nothing is there yet, but its directory is.
     *
     * @throws IOException if there can be none
     */
    Path stage(String key) throws IOException {
        Path staged = places.manifest(places.id(Key.of(key))).resolveSibling(Writer.temporaryName());
        disk.createDirectories(Disk.parent(staged));
        return staged;
    }

    /** Puts a file that was written to a {@linkplain #stage stage}, without copying it. Returns where it is, kept or not. */
    static Path adopt(DiskStore<Payload> store, String key, Path staged, long freshUntil) {
        Key known = Key.of(key);
        Prepared prepared = store.closed ? null : store.contents.put(known, Entry.of(Payload.of(staged), freshUntil));
        Path body = prepared == null ? null : prepared.body();
        return body == null ? store.leave(known, staged) : body;
    }

    /** As a body that no manifest names, the file is its caller's for a while, and then goes. */
    private Path leave(Key key, Path staged) {
        Path body = staged.resolveSibling(places.newBody(key));
        try {
            Files.setLastModifiedTime(staged, FileTime.fromMillis(clock.millis()));
            Disk.move(staged, body);
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
        }
        return Files.exists(body) ? body : staged;
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }

    /** Makes a store of what a builder says. */
    @FunctionalInterface
    interface Assembler<V> {
        DiskStore<V> assemble(Builder<V> builder) throws IOException;
    }

    /**
     * Builds a {@link DiskStore}. Not thread-safe.
     *
     * @param <V> the type of values
     */
    public static final class Builder<V> {

        /**
         * Not shorter: a request that got a path should have opened it by then. Not longer: the disk is wanted for entries.
         */
        private static final Duration PAYLOAD_GRACE = Duration.ofMinutes(1);

        final Path directory;

        private final Assembler<V> assembler;

        Layout layout = Layout.HASHED;

        long maxEntries = Long.MAX_VALUE;

        long maxSize = Long.MAX_VALUE;

        Durability durability = Durability.PROCESS;

        String codec = "bytes";

        @Nullable
        Encryption encryption;

        InstantSource clock = CoarseClock.shared();

        Scheduler scheduler = Housekeeper.shared();

        @Nullable
        Failures failures;

        Duration payloadGrace = PAYLOAD_GRACE;

        private Builder(Path directory, Assembler<V> assembler) {
            this.directory = Objects.requireNonNull(directory, "directory");
            this.assembler = assembler;
        }

        /** Where entries are; {@link Layout#HASHED} unless said otherwise. A store in another layout is emptied. */
        public Builder<V> layout(Layout other) {
            this.layout = Objects.requireNonNull(other, "layout");
            return this;
        }

        /** Keeps at most so many entries; 1 or more. */
        public Builder<V> maxEntries(long entries) {
            this.maxEntries = positive(entries, "maxEntries");
            return this;
        }

        /** Keeps at most so many bytes; 1 or more. */
        public Builder<V> maxSize(long bytes) {
            this.maxSize = positive(bytes, "maxSize");
            return this;
        }

        /** What a write survives; {@link Durability#PROCESS} unless said otherwise. */
        public Builder<V> durability(Durability other) {
            this.durability = Objects.requireNonNull(other, "durability");
            return this;
        }

        /** The name of what makes bytes from values. Entries with another name are misses. */
        public Builder<V> codec(String label) {
            this.codec = Objects.requireNonNull(label, "codec");
            return this;
        }

        /** Encrypts the bodies, and authenticates manifests; keys stay readable. Entries that are not encrypted are misses. */
        public Builder<V> encryption(@Nullable Encryption other) {
            this.encryption = other;
            return this;
        }

        /** Where the present comes from; {@link CoarseClock#shared()} unless said otherwise. */
        public Builder<V> clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "clock");
            return this;
        }

        /** Who works in the background; {@link Housekeeper#shared()} unless said otherwise. */
        public Builder<V> scheduler(Scheduler other) {
            this.scheduler = Objects.requireNonNull(other, "scheduler");
            return this;
        }

        /** Whom to tell of faults; an object of its own, named by the directory, unless said otherwise. */
        public Builder<V> failures(Failures other) {
            this.failures = Objects.requireNonNull(other, "failures");
            return this;
        }

        /** How long a file that was given to a reader stays when its entry goes; a minute unless said otherwise. */
        public Builder<V> payloadGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("payloadGrace must be 0 or more, but was %s".formatted(grace));
            }
            this.payloadGrace = grace;
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws UnusableDirectoryException if the directory cannot be used
         */
        public DiskStore<V> build() {
            try {
                return assembler.assemble(this);
            } catch (IOException | RuntimeException ex) {
                throw UnusableDirectoryException.of(directory, ex);
            }
        }

        private static long positive(long bound, String name) {
            if (bound <= 0) {
                throw new IllegalArgumentException("%s must be 1 or more, but was %d".formatted(name, bound));
            }
            return bound;
        }
    }
}
