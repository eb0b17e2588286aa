package dev.larder.spring;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import dev.larder.store.Failures;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.disk.DiskStore;
import dev.larder.store.disk.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** A cache on disk keeps what every other does. */
class DiskLarderCacheTests {

    @Nested
    class Hashed extends OnDisk {

        @Override
        Layout layout() {
            return Layout.HASHED;
        }
    }

    @Nested
    class Folder extends OnDisk {

        @Override
        Layout layout() {
            return Layout.FOLDER;
        }
    }

    abstract static class OnDisk extends LarderCacheContract {

        @TempDir
        @SuppressWarnings("NullAway.Init")
        private Path directory;

        private int stores;

        abstract Layout layout();

        @Override
        Store<Object, Object> createStore(InstantSource clock) {
            DiskStore<byte[]> bytes = DiskStore.bytes(directory.resolve("store" + stores++))
                    .layout(layout())
                    .maxEntries(10_000)
                    .clock(clock)
                    .scheduler((period, task) -> {})
                    .build();
            return SerializingStore.of(
                    bytes, key -> key.getClass() + " " + key, new Serialized(), new Failures("things", clock));
        }
    }

    /** As the JDK does it. */
    private static final class Serialized implements Codec<Object> {

        @Override
        public byte[] encode(Object value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            } catch (IOException ex) {
                throw new CodecException("no", value.getClass(), ex);
            }
            return bytes.toByteArray();
        }

        @Override
        public Object decode(byte[] bytes) {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return in.readObject();
            } catch (IOException | ClassNotFoundException ex) {
                throw new CodecException("no", ex);
            }
        }
    }
}
