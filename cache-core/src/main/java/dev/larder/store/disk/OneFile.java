package dev.larder.store.disk;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import dev.larder.store.disk.ManifestFiles.Head;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Entries that are one file: the manifest, and the body after it. Read by one call of the system unless they are large. */
final class OneFile implements Bodies<byte[]> {

    private static final byte[] NOTHING = {};

    /** Bodies up to this size are copied behind their manifest, and written by one call of the system. */
    private static final int SMALL = 32 * 1024;

    private final Disk disk;

    private final ManifestFormat format;

    private final ManifestFiles manifests;

    private final @Nullable Encryption encryption;

    OneFile(Disk disk, ManifestFormat format, ManifestFiles manifests, @Nullable Encryption encryption) {
        this.disk = disk;
        this.format = format;
        this.manifests = manifests;
        this.encryption = encryption;
    }

    @Override
    public @Nullable Stored<byte[]> read(Path file, Path place, Key key) throws IOException {
        Scratch scratch = Scratch.take();
        try {
            byte[] buffer = scratch.buffer;
            int length = disk.readSome(file, buffer);
            Manifest manifest = manifests.parse(buffer, length, file, key);
            if (manifest == null || manifest.bytes() != length) {
                return disk.<@Nullable Stored<byte[]>>read(file, channel -> readLarge(channel, file, key));
            }
            return manifest.isReadable()
                    ? stored(manifest, Arrays.copyOfRange(buffer, manifest.length(), length), file)
                    : null;
        } finally {
            scratch.give();
        }
    }

    private @Nullable Stored<byte[]> readLarge(FileChannel channel, Path file, Key key) throws IOException {
        Head head = manifests.head(channel, file, key);
        Manifest manifest = head.manifest();
        if (!manifest.isReadable()) {
            return null;
        }
        long length = channel.size();
        if (manifest.bytes() != length || length > Integer.MAX_VALUE - 8) {
            throw new DamagedEntryException(file, "%d bytes instead of %d".formatted(length, manifest.bytes()));
        }
        byte[] body = new byte[(int) manifest.size()];
        int there = Math.min(head.length() - manifest.length(), body.length);
        System.arraycopy(head.bytes(), manifest.length(), body, 0, there);
        int read = Disk.readFully(channel, manifest.length(), body, there);
        if (read != body.length) {
            throw new DamagedEntryException(file, "A body that ends early");
        }
        return stored(manifest, body, file);
    }

    private Stored<byte[]> stored(Manifest manifest, byte[] body, Path file) throws IOException {
        if (manifest.body() != null) {
            throw new DamagedEntryException(file, "A manifest without its body");
        }
        return new Stored<>(manifest, BytesContent.open(encryption, body, manifest, file));
    }

    @Override
    public Prepared prepare(Key key, Path place, Entry<byte[]> entry, long created) throws IOException {
        Line line = format.begin(key, entry.etag(), created);
        byte[] body = encryption == null ? entry.value() : encryption.encrypt(entry.value(), line.copy());
        format.end(line, entry, body.length, ManifestFormat.crc(body, 0, body.length), null);
        long bytes = (long) line.length() + body.length;
        Path temporary = place.resolveSibling(Writer.temporaryName());
        if (body.length <= SMALL) {
            line.add(body);
            body = NOTHING;
        }
        disk.create(temporary, line.array(), line.length(), body);
        return new Prepared(temporary, null, bytes);
    }

    @Override
    public void abandon(Prepared prepared) {
        Disk.deleteQuietly(prepared.manifest());
    }

    @Override
    public void retire(Manifest manifest, Path place) {}
}
