package dev.larder.store.disk;

import dev.larder.store.CodecException;
import dev.larder.store.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads and overwrites manifests in their files. Immutable, thread-safe. */
final class ManifestFiles {

    private final Disk disk;

    private final ManifestFormat format;

    ManifestFiles(Disk disk, ManifestFormat format) {
        this.disk = disk;
        this.format = format;
    }

    /**
     * The manifest of a key.
     *
     * @param key null for any
     */
    Manifest read(Path file, @Nullable Key key) throws IOException {
        Scratch scratch = Scratch.take();
        try {
            int length = disk.readSome(file, scratch.buffer);
            Manifest manifest = parse(scratch.buffer, length, file, key);
            return manifest == null
                    ? disk.read(file, channel -> head(channel, file, key).manifest())
                    : manifest;
        } finally {
            scratch.give();
        }
    }

    /**
     * A manifest and what of the file was read with it.
     *
     * @param length how many of the bytes there are
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Head(byte[] bytes, int length, Manifest manifest) {}

    /**
     * Reads the beginning of a file. In patience, since the line may be long, or may just be overwritten by another process
     * and look damaged for a moment.
     */
    Head head(FileChannel channel, Path file, @Nullable Key key) throws IOException {
        byte[] bytes = new byte[Scratch.LENGTH];
        for (int attempt = 0; attempt < 3; attempt++) {
            int length = Disk.readFully(channel, 0, bytes, 0);
            Manifest manifest = parse(bytes, length, file, key);
            if (manifest != null) {
                return new Head(bytes, length, manifest);
            }
            if (length == bytes.length && length < ManifestFormat.MAX_LENGTH) {
                bytes = new byte[ManifestFormat.MAX_LENGTH];
            }
        }
        throw new DamagedEntryException(file, "No manifest of this key");
    }

    @Nullable
    Manifest parse(byte[] bytes, int length, Path file, @Nullable Key key) throws IOException {
        try {
            return format.read(bytes, length, key);
        } catch (CodecException | IllegalArgumentException ex) {
            throw new DamagedEntryException(file, "A seal that is not right", ex);
        }
    }

    /** Gives an entry another life, in place. */
    void touch(Path file, Key key, Entry<?> life) throws IOException {
        disk.update(file, channel -> {
            Head head = head(channel, file, key);
            Manifest manifest = head.manifest();
            byte[] line = format.withLife(head.bytes(), manifest, life);
            Disk.overwrite(channel, line, manifest.lifeAt(), line.length);
            disk.force(channel);
            return true;
        });
    }
}
