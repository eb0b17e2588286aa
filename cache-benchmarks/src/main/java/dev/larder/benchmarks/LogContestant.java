package dev.larder.benchmarks;

import dev.larder.store.log.LogStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A store on disk as if it were one in heap: values of one size, and room for so many of them. Keys, headers and garbage are
 * in the same room: they are the store's to pay.
 */
final class LogContestant implements Contestant {

    /** The least there can be. */
    private static final int SEGMENT = 1 << 16;

    /** As many as a store divides its room into. */
    private static final int SEGMENTS = 32;

    private static final int LEAST_VALUE = 1024;

    private final WorkDirectory directory;

    private final LogStore store;

    private final byte[] value;

    /** Values are as large as it takes to fill so many segments. */
    LogContestant(int bound) {
        value = new byte[Math.max(LEAST_VALUE, SEGMENT * SEGMENTS / bound)];
        try {
            directory = new WorkDirectory(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        long room = (long) bound * value.length;
        store = LogStore.at(directory.path().resolve("cache"))
                .maxSize(room)
                .segmentSize(Math.max(SEGMENT, room / SEGMENTS))
                .open();
    }

    @Override
    public @Nullable Object get(Object key) {
        return store.get(key.toString());
    }

    @Override
    public void put(Object key, Object ignored) {
        store.put(key.toString(), value);
    }

    @Override
    public long size() {
        return store.size();
    }

    @Override
    public double writeAmplification() {
        return store.logStats().writeAmplification();
    }

    @Override
    public void close() {
        store.close();
        try {
            directory.close();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
