package dev.larder.store.log;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is open for reading: mapped into memory, or an open file where that is not possible.
 *
 * <p>Who reads pins it first, and who closes it waits until nobody does, because memory that is read after it was unmapped ends
 * the process. The pins are counted in stripes, so that readers do not wait for each other.
 *
 * <p>Bytes are only ever copied from a map: where the file was cut, copying throws an {@link InternalError}, while other
 * ways to read memory may end the process.
 *
 * <p>Thread-safe.
 */
final class Reader {

    /** A power of two, not more than there are {@link Scratch} slots. More only cost memory for each open segment. */
    private static final int STRIPES =
            Math.min(64, Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 2 - 1)));

    /** Ints from one stripe to the next: a line of cache. */
    private static final int SPREAD = 16;

    /** Enough for who reads to get on. */
    private static final long PARK_NANOS = 20_000;

    /** Windows neither cuts nor deletes a file that is mapped, and does not promise that a map shows what is written. */
    private static final boolean MAPS = !System.getProperty("os.name", "").startsWith("Windows");

    /** So many arrays are not made in place by compiled code; in a field, lest it knows the number. */
    private static volatile int settled = 8;

    private final AtomicIntegerArray pins = new AtomicIntegerArray(STRIPES * SPREAD);

    private final Path path;

    private final long length;

    private final @Nullable MappedByteBuffer map;

    private final @Nullable SteadyFile file;

    private volatile boolean closed;

    private Reader(Path path, long length, @Nullable MappedByteBuffer map, @Nullable SteadyFile file) {
        this.path = path;
        this.length = length;
        this.map = map;
        this.file = file;
    }

    /** Opens so many bytes of a file; it must have them. */
    static Reader open(Path path, long length) throws IOException {
        SteadyFile file = SteadyFile.read(path);
        MappedByteBuffer map = null;
        try {
            map = MAPS && file.length() >= length ? file.map(length) : null;
        } catch (UnsupportedOperationException | IOException ex) {
            // Not every file system maps, and there is an end to what can be mapped: the file itself does as well.
        }
        if (map != null) {
            file.close();
        }
        return new Reader(path, length, map, map == null ? file : null);
    }

    /** Keeps this open until {@link #unpin}, and returns whether it was open. */
    boolean pin(int stripe) {
        pins.getAndIncrement(index(stripe));
        if (!closed) {
            return true;
        }
        unpin(stripe);
        return false;
    }

    void unpin(int stripe) {
        pins.getAndDecrement(index(stripe));
    }

    private static int index(int stripe) {
        return (stripe & (STRIPES - 1)) * SPREAD;
    }

    /** How many bytes can be read. */
    long length() {
        return length;
    }

    boolean isMapped() {
        return map != null;
    }

    /** Copies bytes of the file, and returns whether there were so many. */
    boolean copy(long offset, byte[] target, int at, int count) throws IOException {
        if (offset < 0 || count < 0 || offset + count > length) {
            return false;
        }
        if (map != null) {
            map.get((int) offset, target, at, count);
            return true;
        }
        return file == null || file.read(target, at, count, offset) == count;
    }

    /**
     * Lets an error that copying from a map ran into show now. The virtual machine throws it when it is next called itself, which
     * may be inside of a channel, and leaves that one broken. Making an array of arrays is such a call.
     *
     * @throws InternalError if there was one
     */
    static void settle() {
        settled = new byte[settled][1].length;
    }

    /** A reader of the same file that does without a map. */
    Reader unmapped() throws IOException {
        return new Reader(path, length, null, SteadyFile.read(path));
    }

    /** Waits until nobody reads. Must not be called by one who does. */
    void close() throws IOException {
        closed = true;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            while (pins.get(index(stripe)) != 0) {
                LockSupport.parkNanos(PARK_NANOS);
            }
        }
        if (map != null) {
            Unmapper.unmap(map);
        }
        if (file != null) {
            file.close();
        }
    }
}
