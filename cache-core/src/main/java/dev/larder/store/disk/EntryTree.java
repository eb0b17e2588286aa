package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import dev.larder.store.disk.Removals.Removed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The {@link Tree} of a {@link DiskStore}. */
final class EntryTree implements Tree {

    private final Places places;

    private final ManifestFiles manifests;

    private final Removals removals;

    private final KeyLocks locks;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    /** Whether the length of an entry is that of its manifest's file. */
    private final boolean inOneFile;

    EntryTree(
            Places places,
            ManifestFiles manifests,
            Removals removals,
            KeyLocks locks,
            StoreCounts counts,
            InstantSource clock,
            Failures failures,
            boolean inOneFile) {
        this.places = places;
        this.manifests = manifests;
        this.removals = removals;
        this.locks = locks;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
        this.inOneFile = inOneFile;
    }

    /** What to do with each file, its name included. */
    @FunctionalInterface
    private interface Visitor {
        void visit(Path file, String name) throws IOException;
    }

    private static void visit(Path directory, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                visitor.visit(file, String.valueOf(file.getFileName()));
            }
        } catch (NoSuchFileException | NotDirectoryException notThere) {
            // As if it were empty.
        } catch (DirectoryIteratorException ex) {
            throw ex.getCause();
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException | NotDirectoryException ex) {
            return null;
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path file, Consumer<IOException> faults) {
        try {
            return attributes(file);
        } catch (IOException ex) {
            faults.accept(ex);
            return null;
        }
    }

    private Path directory(String leaf) {
        return leaf.isEmpty() ? places.entries() : places.entries().resolve(leaf);
    }

    @Override
    public int leaves() {
        return places.leaves();
    }

    @Override
    public int next(int leaf) throws IOException {
        int siblings = places.siblings();
        int next = leaf;
        while (siblings > 1 && next < leaves()) {
            int end = next - next % siblings + siblings;
            int found = end;
            for (Path directory : Directories.list(directory(places.parent(next)))) {
                int number = places.leafOf(end - siblings, String.valueOf(directory.getFileName()));
                found = number < next ? found : Math.min(found, number);
            }
            if (found < end) {
                return found;
            }
            next = end;
        }
        return next;
    }

    @Override
    public Path manifest(String id) {
        return places.manifest(id);
    }

    @Override
    public void list(int leaf, Consumer<Candidate> to) throws IOException {
        // One file that cannot be looked at must not stop the bound from being kept with the others.
        list(leaf, to, ex -> failures.report("sweep", ex));
    }

    /** Gives all entries of a leaf, and what keeps some of them from being given. */
    void list(int leaf, Consumer<Candidate> to, Consumer<IOException> faults) throws IOException {
        String prefix = places.leaf(leaf);
        visit(directory(prefix), (file, name) -> {
            if (places.layout() == Layout.FOLDER) {
                BasicFileAttributes folder = attributes(file, faults);
                if (folder != null && folder.isDirectory()) {
                    list(prefix + name + "/" + Places.MANIFEST, file.resolve(Places.MANIFEST), to, faults);
                }
            } else if (places.isManifest(name)) {
                list(prefix + name, file, to, faults);
            }
        });
    }

    private void list(String id, Path manifest, Consumer<Candidate> to, Consumer<IOException> faults) {
        BasicFileAttributes attributes = attributes(manifest, faults);
        if (attributes != null && attributes.isRegularFile()) {
            long bytes = attributes.size() + (inOneFile ? 0 : bodyLength(manifest));
            to.accept(new Candidate(id, bytes, attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
        }
    }

    private long bodyLength(Path manifest) {
        try {
            return manifests.read(manifest, null).size();
        } catch (IOException | RuntimeException damaged) {
            return 0;
        }
    }

    @Override
    public long keptUntil(Candidate candidate) {
        try {
            return manifests.read(manifest(candidate.id()), null).keptUntil();
        } catch (DamagedEntryException ex) {
            return 0;
        } catch (NoSuchFileException ex) {
            return Entry.FOREVER;
        } catch (IOException | RuntimeException ex) {
            failures.report("sweep", ex);
            return Entry.FOREVER;
        }
    }

    @Override
    public long evict(Candidate candidate) {
        return remove(candidate.id(), place -> {
            BasicFileAttributes attributes = attributes(place);
            return attributes != null && attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) <= candidate.lastUse();
        });
    }

    @Override
    public long expire(Candidate candidate) {
        return remove(candidate.id(), place -> clock.millis() >= keptUntil(candidate));
    }

    /** Removes an entry, and counts nothing. The caller holds all locks. Returns how long it was, or -1 if it is not there. */
    long clear(Candidate candidate) {
        Path place = manifest(candidate.id());
        try {
            Removed removed = removals.claim(place, null);
            if (removed == null) {
                return -1;
            }
            removals.discard(place, removed);
            return removed.bytes();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The same tree, elsewhere. */
    EntryTree movedTo(Path entries) {
        Places moved = new Places(entries, places.layout(), places.digits());
        return new EntryTree(moved, manifests, removals, locks, counts, clock, failures, inOneFile);
    }

    /** Whether an entry may go. */
    @FunctionalInterface
    private interface Check {
        boolean mayGo(Path place) throws IOException;
    }

    private long remove(String id, Check check) {
        ReentrantLock lock = locks.of(id);
        // A lock that this thread holds is that of the entry it makes room for, which is spared, or of another that
        // shares it.
        if (!lock.tryLock()) {
            return -1;
        }
        try {
            Path place = manifest(id);
            Removed removed = check.mayGo(place) ? removals.claim(place, null) : null;
            if (removed == null) {
                return -1;
            }
            (removed.isKept(clock.millis()) ? counts.evicted : counts.expired).increment();
            removals.discard(place, removed);
            return removed.bytes();
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            return -1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void debris(int leaf, Consumer<Debris> to) throws IOException {
        visit(directory(places.leaf(leaf)), (file, name) -> {
            if (places.layout() == Layout.FOLDER) {
                visit(file, (inner, innerName) -> debris(inner, innerName, file.resolve(Places.MANIFEST), to));
            } else {
                String hash = name.substring(0, Math.max(0, name.indexOf('-')));
                debris(file, name, file.resolveSibling(hash), to);
            }
        });
    }

    private void debris(Path file, String name, Path manifest, Consumer<Debris> to) throws IOException {
        Writer writer = Writer.ofTemporary(name);
        if (writer == null && !(places.isBody(name) && !name.equals(bodyOf(manifest)))) {
            return;
        }
        BasicFileAttributes attributes = attributes(file);
        if (attributes != null && attributes.isRegularFile()) {
            to.accept(new Debris(file, writer, attributes.lastModifiedTime().toMillis()));
        }
    }

    private @Nullable String bodyOf(Path manifest) throws IOException {
        try {
            return manifests.read(manifest, null).body();
        } catch (NoSuchFileException | DamagedEntryException ex) {
            return null;
        }
    }
}
