package dev.larder.store.disk;

import dev.larder.store.Store;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of several processes on one directory: which write of each key was begun last, and which was acknowledged
 * last. It lies in memory that the processes share and that outlives those that are killed.
 *
 * <p>Each key has one writer at a time. Its writes are numbered, and a value carries the number of its write. So whoever
 * looks up what was acknowledged, reads, and looks up what was begun knows what the read may have found.
 */
final class Registers {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer shared;

    private final int keys;

    Registers(Path file, int keys) throws IOException {
        this.keys = keys;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, 16L * keys);
        }
    }

    /** A write. */
    record Write(long number, boolean isPut) {

        private static Write of(long word) {
            return new Write(word >> 1, (word & 1) == 1);
        }

        private long word() {
            return number << 1 | (isPut ? 1 : 0);
        }
    }

    int keys() {
        return keys;
    }

    static String name(int key) {
        return "register " + key;
    }

    Write begun(int key) {
        return Write.of((long) LONG.getVolatile(shared, 16 * key));
    }

    Write acknowledged(int key) {
        return Write.of((long) LONG.getVolatile(shared, 16 * key + 8));
    }

    /** To be called by the writer of the key, before the write. */
    long begin(int key, boolean isPut) {
        long number = begun(key).number() + 1;
        LONG.setVolatile(shared, 16 * key, new Write(number, isPut).word());
        return number;
    }

    /** To be called by the writer of the key, when the write has returned. */
    void acknowledge(int key) {
        LONG.setVolatile(shared, 16 * key + 8, begun(key).word());
    }

    /** Ends a write that a killed process did not: removes the key unless nothing was going on. */
    void settle(Store<String, String> store, int key) {
        if (!begun(key).equals(acknowledged(key))) {
            begin(key, false);
            store.remove(name(key));
            acknowledge(key);
        }
    }

    /**
     * Reads a key of a store that forgets nothing.
     *
     * @throws AssertionError if what was found is not what the writes of the key can have left at any time of the read
     */
    void check(Store<String, String> store, int key) {
        Write before = acknowledged(key);
        String value = store.get(name(key));
        Write after = begun(key);
        check(key, before, value, after);
    }

    private static void check(int key, Write before, @Nullable String value, Write after) {
        String name = name(key);
        if (value != null) {
            long number = Stamp.number(name, value);
            boolean removed = number == before.number() && !before.isPut();
            if (number < before.number() || number > after.number() || removed) {
                throw new AssertionError("%s gave write %d, after %s was acknowledged and not later than %s began"
                        .formatted(name, number, before, after));
            }
        } else if (before.isPut()
                && (after.equals(before) || (after.isPut() && after.number() == before.number() + 1))) {
            throw new AssertionError("%s gave nothing, though %s was acknowledged and only %s began since"
                    .formatted(name, before, after));
        }
    }
}
