package dev.larder.store.disk;

import dev.larder.store.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/**
 * Bodies that are given to readers as files, and never read here. Readers may open one a while after they got it, so it
 * stays when its entry goes: the time of its last modification becomes that of its retirement, and the sweep deletes it when
 * that is long ago.
 */
final class FileContent implements Content<Payload> {

    private static final int PART = 64 * 1024;

    private final Disk disk;

    private final InstantSource clock;

    private volatile Runnable listener = () -> {};

    FileContent(Disk disk, InstantSource clock) {
        this.disk = disk;
        this.clock = clock;
    }

    /** Whom to tell when a body has been retired. */
    void onRetire(Runnable other) {
        this.listener = other;
    }

    @Override
    public Written write(Payload value, Path temporary, Line associated) throws IOException {
        try {
            Path own = value.path();
            Written written = own != null && isOwn(own) ? adopt(value, own) : copy(value, temporary);
            disk.update(written.file(), channel -> {
                disk.force(channel);
                return true;
            });
            return written;
        } catch (IOException | RuntimeException ex) {
            Disk.deleteQuietly(temporary);
            throw ex;
        }
    }

    /** Whether the file was made to become a body, by {@link DiskStore#stage}. */
    private static boolean isOwn(Path path) {
        return Writer.self().equals(Writer.ofTemporary(String.valueOf(path.getFileName())));
    }

    /** Whoever wrote it may have given it an old time, and the sweep would not wait for its manifest. */
    private Written adopt(Payload value, Path own) throws IOException {
        try (InputStream in = value.open()) {
            Written written = transfer(in, OutputStream.nullOutputStream(), own);
            disk.restrict(own);
            Files.setLastModifiedTime(own, FileTime.fromMillis(clock.millis()));
            return written;
        }
    }

    private Written copy(Payload value, Path temporary) throws IOException {
        try (InputStream in = value.open()) {
            disk.createEmpty(temporary);
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.WRITE)) {
                return transfer(in, out, temporary);
            }
        }
    }

    private static Written transfer(InputStream in, OutputStream out, Path file) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] part = new byte[PART];
        long size = 0;
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            crc.update(part, 0, read);
            out.write(part, 0, read);
            size += read;
        }
        return new Written(file, size, (int) crc.getValue());
    }

    @Override
    public Payload read(Path body, Manifest manifest) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(body, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() != manifest.size()) {
            throw new DamagedEntryException(
                    body, "%d bytes instead of %d".formatted(attributes.size(), manifest.size()));
        }
        return Payload.of(body);
    }

    @Override
    public void retire(Path body) {
        try {
            Files.setLastModifiedTime(body, FileTime.fromMillis(clock.millis()));
        } catch (IOException | RuntimeException ignored) {
            // It is gone, or the sweep deletes it too early for a reader that has not opened it.
        }
        listener.run();
    }
}
