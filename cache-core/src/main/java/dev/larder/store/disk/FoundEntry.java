package dev.larder.store.disk;

import dev.larder.store.StoredEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An entry that was found by its manifest, and not by its key. */
record FoundEntry(Path file, Places places, Manifest manifest, ManifestText text) {

    /** Line lengths that are tried: most are shorter than the first. */
    private static final int[] LENGTHS = {4096, 4096, ManifestFormat.MAX_LENGTH};

    /** How often an entry is read that is replaced each time: more than that is not chance. */
    private static final int ATTEMPTS = 10;

    private static final int PART = 64 * 1024;

    private static final Pattern LATER = Pattern.compile("(?s)\\{\"larder\":([2-9]|[1-9][0-9]+),.*");

    private static final ManifestFormat FORMAT = new ManifestFormat("", null);

    /**
     * Reads an entry.
     *
     * @param whole whether to check its body too
     * @throws DamagedEntryException if it is not what was written
     */
    static FoundEntry read(Path file, Places places, boolean whole) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return readOnce(file, places, whole);
            } catch (NoSuchFileException ex) {
                if (attempt == ATTEMPTS || Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw ex;
                }
            }
        }
    }

    private static FoundEntry readOnce(Path file, Places places, boolean whole) throws IOException {
        FoundEntry found = read(file, places);
        if (!places.manifest(places.id(Key.of(found.text.key()))).equals(file)) {
            throw new DamagedEntryException(file, "An entry in the place of another key");
        }
        if (whole) {
            found.check(null);
        }
        return found;
    }

    /** More than once, since the life of an entry may just be overwritten in place. */
    private static FoundEntry read(Path file, Places places) throws IOException {
        byte[] bytes = {};
        for (int length : LENGTHS) {
            bytes = start(file, length);
            Manifest manifest = FORMAT.read(bytes, bytes.length, null);
            ManifestText text = manifest == null ? null : ManifestText.of(bytes, manifest);
            if (manifest != null && text != null) {
                return new FoundEntry(file, places, manifest, text);
            }
        }
        throw new DamagedEntryException(file, isLater(bytes) ? "A manifest of a later version" : "A damaged manifest");
    }

    private static byte[] start(Path file, int length) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(length);
        }
    }

    private static boolean isLater(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.US_ASCII);
        return LATER.matcher(start).matches();
    }

    StoredEntry entry(Path root) {
        return new StoredEntry(
                text.key(),
                text.created(),
                manifest.freshUntil(),
                manifest.keptUntil(),
                manifest.etag(),
                manifest.size(),
                manifest.bytes(),
                text.codec(),
                text.isSealed(),
                root.relativize(file).toString(),
                this::writeTo);
    }

    /** Twice: not a byte of a damaged body is given out. A short one is kept meanwhile, because it may be replaced. */
    private void writeTo(OutputStream target) throws IOException {
        if (manifest.body() == null) {
            ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.min(manifest.size(), PART));
            check(body);
            body.writeTo(target);
        } else {
            check(null);
            check(target);
        }
    }

    /** Reads the body, and checks it. */
    private void check(@Nullable OutputStream target) throws IOException {
        Path body = body();
        long skip = manifest.body() == null ? manifest.length() : 0;
        CRC32C crc = new CRC32C();
        long size = 0;
        try (InputStream in = Files.newInputStream(body, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            in.skipNBytes(skip);
            byte[] part = new byte[PART];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                crc.update(part, 0, read);
                size += read;
                if (target != null) {
                    target.write(part, 0, read);
                }
            }
        } catch (NoSuchFileException ex) {
            unlessReplaced("A manifest without its body");
        }
        if (size != manifest.size()) {
            unlessReplaced("A body of %d bytes instead of %d".formatted(size, manifest.size()));
        }
        if ((int) crc.getValue() != manifest.crc()) {
            unlessReplaced("A body with a wrong checksum");
        }
    }

    private Path body() throws DamagedEntryException {
        String name = manifest.body();
        if (name == null) {
            return file;
        }
        if (!places.isBodyOf(name, file)) {
            throw new DamagedEntryException(file, "A manifest with a body elsewhere");
        }
        return file.resolveSibling(name);
    }

    /** What does not fit together may be of two entries, one of which was written in between. */
    private void unlessReplaced(String what) throws IOException {
        byte[] now = start(file, manifest.length());
        Manifest current = FORMAT.read(now, now.length, null);
        boolean isSame = current != null
                && current.crc() == manifest.crc()
                && current.size() == manifest.size()
                && Objects.equals(current.body(), manifest.body());
        if (current == null || isSame) {
            throw new DamagedEntryException(file, what);
        }
        throw new NoSuchFileException(file.toString());
    }
}
