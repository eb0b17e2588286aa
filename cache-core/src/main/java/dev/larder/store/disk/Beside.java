package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.disk.Content.Written;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are two files: a manifest, and the body that it names. Each write makes a new body, so a manifest and its body
 * always belong together, and whoever reads the old body may go on.
 *
 * @param <V> the type of values
 */
final class Beside<V> implements Bodies<V> {

    private static final byte[] NOTHING = {};

    private final Disk disk;

    private final Places places;

    private final ManifestFormat format;

    private final ManifestFiles manifests;

    private final Content<V> content;

    Beside(Disk disk, Places places, ManifestFormat format, ManifestFiles manifests, Content<V> content) {
        this.disk = disk;
        this.places = places;
        this.format = format;
        this.manifests = manifests;
        this.content = content;
    }

    @Override
    public @Nullable Stored<V> read(Path file, Path place, Key key) throws IOException {
        String missing = null;
        while (true) {
            Manifest manifest = manifests.read(file, key);
            if (!manifest.isReadable()) {
                return null;
            }
            Path body = body(manifest, place);
            try {
                return new Stored<>(manifest, content.read(body, manifest));
            } catch (NoSuchFileException ex) {
                // The entry was just replaced, unless the manifest still says so: then somebody deleted the body.
                if (String.valueOf(manifest.body()).equals(missing)) {
                    throw ex;
                }
                missing = manifest.body();
            }
        }
    }

    private Path body(Manifest manifest, Path place) throws DamagedEntryException {
        String body = manifest.body();
        if (body == null || !places.isBodyOf(body, place)) {
            throw new DamagedEntryException(place, "A manifest that names no body");
        }
        return place.resolveSibling(body);
    }

    @Override
    public Prepared prepare(Key key, Path place, Entry<V> entry, long created) throws IOException {
        Line line = format.begin(key, entry.etag(), created);
        Path temporary = place.resolveSibling(Writer.temporaryName());
        Written written = content.write(entry.value(), temporary, line);
        String name = places.newBody(key);
        Path body = place.resolveSibling(name);
        Path manifest = place.resolveSibling(Writer.temporaryName());
        try {
            format.end(line, entry, written.size(), written.crc(), name);
            disk.create(manifest, line.array(), line.length(), NOTHING);
            disk.rename(written.file(), body);
            return new Prepared(manifest, body, line.length() + written.size());
        } catch (IOException | RuntimeException ex) {
            giveBack(body, written.file());
            Disk.deleteQuietly(temporary);
            Disk.deleteQuietly(manifest);
            throw ex;
        }
    }

    /** A rename may have been done although it failed. */
    private static void giveBack(Path body, Path file) {
        try {
            Disk.move(body, file);
        } catch (IOException | RuntimeException usual) {
            // It was not done.
        }
    }

    @Override
    public void abandon(Prepared prepared) {
        Disk.deleteQuietly(prepared.manifest());
        if (prepared.body() != null) {
            content.retire(prepared.body());
        }
    }

    @Override
    public void retire(Manifest manifest, Path place) {
        try {
            content.retire(body(manifest, place));
        } catch (DamagedEntryException ignored) {
            // It names a file that is none of ours.
        }
    }
}
