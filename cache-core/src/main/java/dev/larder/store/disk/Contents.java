package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import dev.larder.store.disk.Bodies.Prepared;
import dev.larder.store.disk.Removals.Present;
import dev.larder.store.disk.Removals.Removed;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How entries come into a {@link DiskStore}, and get another life. Threads of this process write to a key one after another; between processes each step
 * is a rename or a link, which one of them wins.
 *
 * <p>No method throws because of the disk. A write that fails leaves no older value behind.
 *
 * @param <V> the type of values
 */
final class Contents<V> {

    private static final int ATTEMPTS = 10;

    private final Places places;

    private final Disk disk;

    private final Bodies<V> bodies;

    private final ManifestFiles manifests;

    private final Reads<V> reads;

    private final Books books;

    private final Removals removals;

    private final Departures<V> departures;

    private final KeyLocks locks;

    private final Undeleted undeleted;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    Contents(
            Places places,
            Disk disk,
            Bodies<V> bodies,
            ManifestFiles manifests,
            Reads<V> reads,
            Books books,
            Removals removals,
            Departures<V> departures,
            KeyLocks locks,
            Undeleted undeleted,
            StoreCounts counts,
            InstantSource clock,
            Failures failures) {
        this.places = places;
        this.disk = disk;
        this.bodies = bodies;
        this.manifests = manifests;
        this.reads = reads;
        this.books = books;
        this.removals = removals;
        this.departures = departures;
        this.locks = locks;
        this.undeleted = undeleted;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
    }

    /**
     * Puts an entry.
     *
     * @return what was written, or null if nothing was
     */
    @Nullable
    Prepared put(Key key, Entry<V> entry) {
        String id = places.id(key);
        Path place = places.manifest(id);
        if (!isFuture(entry.keptUntil())) {
            departures.reject(id, place, false);
            return null;
        }
        Prepared prepared = null;
        for (int attempt = 1; ; attempt++) {
            try {
                prepared = bodies.prepare(key, place, entry, clock.millis());
                if (books.fits(prepared.bytes())) {
                    put(id, place, prepared, entry);
                } else {
                    bodies.abandon(prepared);
                    departures.reject(id, place, true);
                }
                return prepared;
            } catch (IOException | RuntimeException ex) {
                if (prepared != null) {
                    bodies.abandon(prepared);
                }
                // Another process, or another thread, may have cleared the store and taken the directory away.
                if (!(ex instanceof NoSuchFileException) || attempt == ATTEMPTS) {
                    failures.report("write", ex);
                    departures.drop(id, place);
                    return prepared;
                }
            }
        }
    }

    private void put(String id, Path place, Prepared prepared, Entry<V> entry) throws IOException {
        ReentrantLock lock = locks.lock(id);
        try {
            Present present = removals.present(place);
            long moreEntries = 1L - present.count();
            long moreBytes = prepared.bytes() - present.bytes();
            books.makeRoom(id, moreEntries, moreBytes);
            try {
                Disk.move(prepared.manifest(), place);
            } catch (IOException | RuntimeException ex) {
                books.takeBack(moreEntries, moreBytes);
                throw ex;
            }
            counts.puts.increment();
            replaced(present, place);
            undeleted.remove(id);
            books.written(id, moreBytes, entry.keptUntil());
            disk.syncDirectory(Disk.parent(place));
        } finally {
            lock.unlock();
        }
    }

    private void replaced(Present present, Path place) {
        if (present.count() > 0) {
            (present.isKept(clock.millis()) ? counts.replaced : counts.expired).increment();
            removals.retire(present, place);
        }
    }

    /** Puts an entry unless there is a fresh one, whose value is returned. */
    @Nullable
    V putIfAbsent(Key key, Entry<V> entry) {
        String id = places.id(key);
        Path place = places.manifest(id);
        V present = undeleted.hides(id) ? null : fresh(reads.read(place, key));
        if (present != null || !isFuture(entry.keptUntil())) {
            if (present == null) {
                departures.reject(id, place, false);
            }
            return present;
        }
        for (int attempt = 1; ; attempt++) {
            Prepared prepared = null;
            try {
                prepared = bodies.prepare(key, place, entry, clock.millis());
                return putIfAbsent(id, place, prepared, key, entry);
            } catch (IOException | RuntimeException ex) {
                if (prepared != null) {
                    bodies.abandon(prepared);
                }
                if (!(ex instanceof NoSuchFileException) || attempt == ATTEMPTS) {
                    failures.report("write", ex);
                    departures.drop(id, place);
                    return null;
                }
            }
        }
    }

    private @Nullable V putIfAbsent(String id, Path place, Prepared prepared, Key key, Entry<V> entry)
            throws IOException {
        if (!books.fits(prepared.bytes())) {
            bodies.abandon(prepared);
            departures.reject(id, place, true);
            return null;
        }
        ReentrantLock lock = locks.lock(id);
        try {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                if (createIfAbsent(id, place, prepared)) {
                    counts.puts.increment();
                    undeleted.remove(id);
                    books.written(id, 0, entry.keptUntil());
                    disk.syncDirectory(Disk.parent(place));
                    return null;
                }
                V present = makeAbsent(id, place, key);
                if (present != null) {
                    bodies.abandon(prepared);
                    return present;
                }
            }
            // Not an entry of ours, or other processes write this key all the time.
            throw new FileAlreadyExistsException(place.toString());
        } finally {
            lock.unlock();
        }
    }

    private boolean createIfAbsent(String id, Path place, Prepared prepared) throws IOException {
        books.makeRoom(id, 1, prepared.bytes());
        boolean created = false;
        try {
            created = create(prepared, place);
            return created;
        } finally {
            if (!created) {
                books.takeBack(1, prepared.bytes());
            }
        }
    }

    /** Removes an entry that is not fresh, and returns the value of one that is. Leaves alone what it has not seen. */
    private @Nullable V makeAbsent(String id, Path place, Key key) throws IOException {
        if (removals.present(place).count() == 0) {
            return null;
        }
        V present = undeleted.hides(id) ? null : fresh(reads.read(place, key));
        if (present != null) {
            return present;
        }
        Removed removed = removals.claim(place, null);
        if (removed == null) {
            return null;
        }
        // Another process may have written a fresh one since it was read. That is not put back: somebody may have
        // removed it meanwhile, and found nothing there.
        V theirs = undeleted.hides(id) ? null : fresh(reads.read(removed.file(), place, key));
        if (theirs != null) {
            counts.removed.increment();
        } else {
            (removed.isKept(clock.millis()) ? counts.replaced : counts.expired).increment();
        }
        departures.finish(id, place, removed);
        return theirs;
    }

    /** Moves a prepared entry to its place unless there is another; returns whether it did. */
    private boolean create(Prepared prepared, Path place) throws IOException {
        try {
            if (!link(prepared.manifest(), place)) {
                return false;
            }
        } catch (NoSuchFileException ex) {
            throw ex;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            if (removals.present(place).count() > 0) {
                // The link may have been made although it failed.
                return Files.isSameFile(prepared.manifest(), place);
            }
            // The lock of the key keeps other threads away from an absent entry, though not other processes.
            Disk.move(prepared.manifest(), place);
            return true;
        }
        Disk.deleteQuietly(prepared.manifest());
        return true;
    }

    private static boolean link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
            return true;
        } catch (FileAlreadyExistsException ex) {
            return false;
        }
    }

    /** Gives an entry another life, and returns whether there was one. */
    boolean touch(Key key, Entry<?> life) {
        String id = places.id(key);
        Path place = places.manifest(id);
        ReentrantLock lock = locks.lock(id);
        try {
            if (undeleted.hides(id)) {
                return false;
            }
            Manifest manifest = manifests.read(place, key);
            if (!manifest.isReadable() || !isFuture(manifest.keptUntil())) {
                return false;
            }
            if (!isFuture(life.keptUntil())) {
                return departures.expire(id, place);
            }
            manifests.touch(place, key, life);
            books.written(id, 0, life.keptUntil());
            return true;
        } catch (NoSuchFileException ex) {
            return false;
        } catch (IOException | RuntimeException ex) {
            failures.report("write", ex);
            departures.drop(id, place);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable V fresh(@Nullable Stored<V> stored) {
        return stored != null && isFuture(stored.manifest().freshUntil()) ? stored.value() : null;
    }

    private boolean isFuture(long instant) {
        return instant == Entry.FOREVER || clock.millis() < instant;
    }
}
