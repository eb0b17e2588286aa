package dev.larder.spring;

import dev.larder.store.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A stream that was read into a temporary file, so that it can be read again when it could not be stored. The file goes
 * when this is closed, or when nobody has it any more.
 *
 * <p>Thread-safe.
 */
final class Spool implements Payload.Source, AutoCloseable {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Path file;

    private final Cleaner.Cleanable deletion;

    private Spool(Path file) {
        this.file = file;
        this.deletion = CLEANER.register(this, new Deletion(file));
    }

    /** Reads a stream to its end, and closes it. */
    static Spool of(InputStream stream) throws IOException {
        try (stream) {
            Spool spool = new Spool(Files.createTempFile("larder-", ".spool"));
            try (OutputStream out = Files.newOutputStream(spool.file)) {
                stream.transferTo(out);
            } catch (IOException | RuntimeException ex) {
                spool.close();
                throw ex;
            }
            return spool;
        }
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(file);
    }

    @Override
    public void close() {
        deletion.clean();
    }

    private record Deletion(Path file) implements Runnable {

        @Override
        public void run() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException ex) {
                // It is a temporary file; the system deletes those, too.
            }
        }
    }
}
