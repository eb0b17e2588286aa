package dev.larder.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The loop that a store on disk is held against: a file for each value, named by the SHA-256 of its key, in one of 256
 * directories. A put writes a temporary file and moves it into place.
 */
final class BareFiles implements PersistentContestant {

    private final Path directory;

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    BareFiles(Path directory) {
        this.directory = directory;
        try {
            for (int leaf = 0; leaf < 256; leaf++) {
                Files.createDirectories(directory.resolve(HexFormat.of().toHexDigits((byte) leaf)));
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        try {
            return Files.readAllBytes(file(key));
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    @Override
    public void put(String key, byte[] value) throws IOException {
        Path file = file(key);
        Path temporary = file.resolveSibling(".tmp-" + Long.toHexString(next.getAndIncrement()));
        Files.write(temporary, value, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void remove(String key) throws IOException {
        Files.deleteIfExists(file(key));
    }

    private Path file(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String hash = HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
            return directory.resolve(hash.substring(0, 2) + "/" + hash);
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java platform has SHA-256", ex);
        }
    }

    @Override
    public void close() {}
}
