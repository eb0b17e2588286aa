package dev.larder.store.disk;

import dev.larder.store.CoarseClock;
import dev.larder.store.Failures;
import dev.larder.store.Payload;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a {@link DiskStore} together, once the directory has been seen to be usable. */
final class Assembly<V> {

    private final DiskStore.Builder<V> builder;

    private final Failures failures;

    private final Disk disk;

    private final Trash trash;

    private final Places places;

    private final ManifestFormat format;

    private final ManifestFiles manifests;

    private Assembly(DiskStore.Builder<V> builder) throws IOException {
        this.builder = builder;
        Path root = builder.directory;
        this.failures = builder.failures != null
                ? builder.failures
                : new Failures(String.valueOf(root.getFileName()), builder.clock);
        this.disk = new Disk(root.getFileSystem(), builder.durability);
        this.trash = new Trash(root.resolve("trash"), disk, failures);
        prepare(root);
        int digits = StoreFile.digits(builder.maxEntries, builder.maxSize);
        this.places = StoreFile.open(root, builder.layout, digits, disk, trash, failures);
        this.format = new ManifestFormat(builder.codec, builder.encryption);
        this.manifests = new ManifestFiles(disk, format);
    }

    /** Makes the directory, and sees whether files can be written. */
    private void prepare(Path root) throws IOException {
        disk.createDirectories(root);
        Path probe = root.resolve(Writer.temporaryName());
        disk.createEmpty(probe);
        Files.delete(probe);
    }

    static DiskStore<byte[]> bytes(DiskStore.Builder<byte[]> builder) throws IOException {
        Assembly<byte[]> parts = new Assembly<>(builder);
        if (builder.layout == Layout.HASHED) {
            return parts.store(new OneFile(parts.disk, parts.format, parts.manifests, builder.encryption), true, null);
        }
        return parts.store(parts.beside(new BytesContent(parts.disk, builder.encryption)), false, null);
    }

    static DiskStore<Payload> files(DiskStore.Builder<Payload> builder) throws IOException {
        if (builder.encryption != null) {
            throw new IllegalArgumentException(
                    "Files cannot be encrypted, since readers get them as they are: leave encryption out");
        }
        Assembly<Payload> parts = new Assembly<>(builder);
        FileContent content = new FileContent(parts.disk, builder.clock);
        return parts.store(parts.beside(content), false, content);
    }

    private Beside<V> beside(Content<V> content) {
        return new Beside<>(disk, places, format, manifests, content);
    }

    private DiskStore<V> store(Bodies<V> bodies, boolean inOneFile, @Nullable FileContent files) throws IOException {
        InstantSource clock = builder.clock;
        Path root = builder.directory;
        StoreCounts counts = new StoreCounts();
        KeyLocks locks = new KeyLocks();
        Undeleted undeleted = new Undeleted();
        Removals removals = new Removals(places.layout(), disk, bodies, manifests, failures);
        EntryTree tree = new EntryTree(places, manifests, removals, locks, counts, clock, failures, inOneFile);
        Ledger ledger = new Ledger(root.resolve("ledger"), disk, clock, failures);
        Recency recency = new Recency(tree::manifest, CoarseClock.shared(), failures);
        Evictor evictor = new Evictor(tree, ledger, recency, builder.maxEntries, builder.maxSize, failures);
        Leases leases = new Leases(root.resolve("locks"), disk, clock, failures);
        Sweep sweep = new Sweep(tree, ledger, leases, builder.payloadGrace, clock, failures);
        if (files != null) {
            long grace = builder.payloadGrace.toMillis();
            files.onRetire(() -> sweep.expect(clock.millis() + grace));
        }
        Upkeep upkeep = new Upkeep(ledger, recency, evictor, leases, trash, sweep, failures);
        Books books = new Books(ledger, recency, evictor, sweep);
        Reads<V> reads = new Reads<>(bodies, failures);
        Departures<V> departures =
                new Departures<>(places, reads, books, removals, locks, undeleted, counts, clock, failures);
        Contents<V> contents = new Contents<>(
                places,
                disk,
                bodies,
                manifests,
                reads,
                books,
                removals,
                departures,
                locks,
                undeleted,
                counts,
                clock,
                failures);
        Clearing clearing = new Clearing(
                places,
                manifests,
                tree,
                locks,
                ledger,
                recency,
                trash,
                undeleted,
                counts,
                clock,
                failures,
                files != null);
        Runnable retry = () -> {
            if (undeleted.isAll()) {
                boolean unused = clearing.clear();
            }
            departures.retry();
        };
        upkeep.start(builder.scheduler, retry);
        return new DiskStore<>(
                places,
                disk,
                reads,
                contents,
                departures,
                clearing,
                undeleted,
                manifests,
                ledger,
                recency,
                leases,
                upkeep,
                retry,
                counts,
                clock,
                failures);
    }
}
