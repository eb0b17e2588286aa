package dev.larder.store.disk;

import dev.larder.store.CodecException;
import dev.larder.store.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Bodies that are read as bytes: nobody knows their files, which go at once. */
final class BytesContent implements Content<byte[]> {

    private static final byte[] NOTHING = {};

    private final Disk disk;

    private final @Nullable Encryption encryption;

    BytesContent(Disk disk, @Nullable Encryption encryption) {
        this.disk = disk;
        this.encryption = encryption;
    }

    @Override
    public Written write(byte[] value, Path temporary, Line associated) throws IOException {
        byte[] body = encryption == null ? value : encryption.encrypt(value, associated.copy());
        disk.create(temporary, NOTHING, 0, body);
        return new Written(temporary, body.length, ManifestFormat.crc(body, 0, body.length));
    }

    @Override
    public byte[] read(Path file, Manifest manifest) throws IOException {
        byte[] body = disk.read(file, channel -> {
            long length = channel.size();
            if (length != manifest.size() || length > Integer.MAX_VALUE - 8) {
                throw new DamagedEntryException(file, "%d bytes instead of %d".formatted(length, manifest.size()));
            }
            byte[] bytes = new byte[(int) length];
            int read = Disk.readFully(channel, 0, bytes, 0);
            if (read != bytes.length) {
                throw new DamagedEntryException(file, "A body that ends early");
            }
            return bytes;
        });
        return open(encryption, body, manifest, file);
    }

    /** Checks a body, and decrypts it. */
    static byte[] open(@Nullable Encryption encryption, byte[] body, Manifest manifest, Path file)
            throws DamagedEntryException {
        if (ManifestFormat.crc(body, 0, body.length) != manifest.crc()) {
            throw new DamagedEntryException(file, "A body with a wrong checksum");
        }
        if (encryption == null) {
            return body;
        }
        try {
            return encryption.decrypt(body, manifest.head());
        } catch (CodecException ex) {
            throw new DamagedEntryException(file, "A body that cannot be decrypted", ex);
        }
    }

    @Override
    public void retire(Path body) {
        Disk.deleteQuietly(body);
    }
}
