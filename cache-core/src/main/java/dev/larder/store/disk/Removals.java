package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes entries away. An entry goes by a rename of its manifest, which of several processes one wins, and which makes it
 * invisible at once; what it was can be read afterwards. Who calls holds the lock of the key. Thread-safe.
 */
final class Removals {

    private final Layout layout;

    private final Disk disk;

    private final Bodies<?> bodies;

    private final ManifestFiles manifests;

    private final Failures failures;

    Removals(Layout layout, Disk disk, Bodies<?> bodies, ManifestFiles manifests, Failures failures) {
        this.layout = layout;
        this.disk = disk;
        this.bodies = bodies;
        this.manifests = manifests;
        this.failures = failures;
    }

    /**
     * What is at the place of an entry.
     *
     * @param count 1 if there is something, else 0
     * @param bytes how much of the disk it takes
     * @param manifest null if it is damaged, or not there
     */
    record Present(int count, long bytes, @Nullable Manifest manifest) {

        private static final Present NOTHING = new Present(0, 0, null);

        boolean isKept(long now) {
            return manifest != null && now < manifest.keptUntil();
        }
    }

    /**
     * An entry that was taken away from its place.
     *
     * @param file its manifest, where it is now
     * @param bytes how much of the disk it takes
     * @param manifest null if it is damaged
     */
    record Removed(Path file, long bytes, @Nullable Manifest manifest) {

        boolean isKept(long now) {
            return manifest != null && now < manifest.keptUntil();
        }

        boolean isFresh(long now) {
            return manifest != null && manifest.isReadable() && now < manifest.freshUntil();
        }
    }

    /** Looks at what a write is going to replace. */
    Present present(Path place) {
        if (!Files.exists(place)) {
            return Present.NOTHING;
        }
        Manifest manifest = manifest(place, null);
        return new Present(1, manifest == null ? length(place) : manifest.bytes(), manifest);
    }

    /** Gets rid of the body of what was replaced. */
    void retire(Present present, Path place) {
        if (present.manifest() != null) {
            bodies.retire(present.manifest(), place);
        }
    }

    /**
     * Takes an entry away.
     *
     * @param key the key that it should have; null for any
     * @return null if there is none
     * @throws IOException if it may still be there
     */
    @Nullable
    Removed claim(Path place, @Nullable Key key) throws IOException {
        if (!Disk.isFile(place)) {
            return null;
        }
        Path claimed = place.resolveSibling(Writer.temporaryName());
        try {
            Disk.move(place, claimed);
        } catch (NoSuchFileException ex) {
            return null;
        }
        sync(place);
        Manifest manifest = manifest(claimed, key);
        return new Removed(claimed, manifest == null ? length(claimed) : manifest.bytes(), manifest);
    }

    /** Should this fail, the entry has gone all the same, but a loss of power may bring it back. */
    private void sync(Path place) {
        try {
            disk.syncDirectory(Disk.parent(place));
        } catch (IOException | RuntimeException ex) {
            failures.report("sync", ex);
        }
    }

    private @Nullable Manifest manifest(Path file, @Nullable Key key) {
        try {
            return manifests.read(file, key);
        } catch (IOException | RuntimeException damaged) {
            return null;
        }
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException ex) {
            return 0;
        }
    }

    /** Deletes what was taken away. Its body stays for its readers, if there may be some. */
    void discard(Path place, Removed removed) {
        Disk.deleteQuietly(removed.file());
        if (removed.manifest() != null) {
            bodies.retire(removed.manifest(), place);
        }
        if (layout == Layout.FOLDER) {
            Path folder = place.getParent();
            if (folder != null) {
                Disk.deleteIfEmpty(folder);
            }
        }
    }
}
