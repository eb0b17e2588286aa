package dev.larder.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that an interrupt does not close. A channel closes when a thread that works with it is interrupted, for all other
 * threads too; whoever finds it closed opens it again and repeats what it did, at the same position. The interrupt is restored
 * at the end.
 *
 * <p>Thread-safe.
 */
final class SteadyFile implements Closeable {

    /** Not larger: the platform keeps a copy of this size for each thread. Not smaller: most records go in one call. */
    private static final int MOST_AT_ONCE = 256 * 1024;

    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final Set<StandardOpenOption> WRITE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);

    private final Path path;

    private final Set<StandardOpenOption> options;

    private volatile FileChannel channel;

    private boolean closed;

    private SteadyFile(Path path, Set<StandardOpenOption> options, FileChannel channel) {
        this.path = path;
        this.options = options;
        this.channel = channel;
    }

    /** A new file. */
    static SteadyFile create(Path path) throws IOException {
        return new SteadyFile(path, WRITE, FileChannel.open(path, CREATE, Permissions.of(path)));
    }

    static SteadyFile write(Path path) throws IOException {
        return new SteadyFile(path, WRITE, FileChannel.open(path, WRITE));
    }

    static SteadyFile read(Path path) throws IOException {
        return new SteadyFile(path, READ, FileChannel.open(path, READ));
    }

    /** Reads until there is no room, or the file ends; returns how many bytes. */
    int read(byte[] target, int at, int length, long position) throws IOException {
        return run(open -> {
            int count = 0;
            while (count < length) {
                ByteBuffer buffer = ByteBuffer.wrap(target, at + count, Math.min(length - count, MOST_AT_ONCE));
                int read = open.read(buffer, position + count);
                if (read <= 0) {
                    break;
                }
                count += read;
            }
            return count;
        });
    }

    /** Writes all of it. */
    void write(byte[] source, int at, int length, long position) throws IOException {
        run(open -> {
            int count = 0;
            while (count < length) {
                ByteBuffer buffer = ByteBuffer.wrap(source, at + count, Math.min(length - count, MOST_AT_ONCE));
                int written = open.write(buffer, position + count);
                if (written <= 0) {
                    throw new IOException("Nothing could be written to '%s'".formatted(path));
                }
                count += written;
            }
            return count;
        });
    }

    void truncate(long length) throws IOException {
        run(open -> open.truncate(length));
    }

    void force() throws IOException {
        run(open -> {
            open.force(true);
            return open;
        });
    }

    long length() throws IOException {
        return run(FileChannel::size);
    }

    /** The file in memory, to be read. */
    MappedByteBuffer map(long length) throws IOException {
        return run(open -> open.map(FileChannel.MapMode.READ_ONLY, 0, length));
    }

    /** What is done with a channel, from the start when it is repeated. */
    @FunctionalInterface
    private interface Action<T> {
        T on(FileChannel channel) throws IOException;
    }

    private <T> T run(Action<T> action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                FileChannel used = channel;
                try {
                    return action.on(used);
                } catch (ClosedChannelException ex) {
                    reopen(used, ex);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel used, ClosedChannelException cause) throws IOException {
        if (closed) {
            throw cause;
        }
        if (channel == used) {
            channel = FileChannel.open(path, options);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
