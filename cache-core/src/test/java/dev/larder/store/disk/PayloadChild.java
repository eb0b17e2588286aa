package dev.larder.store.disk;

import dev.larder.store.Entry;
import dev.larder.store.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Puts a payload of many megabytes and reads it back, in a process that has no memory for it.
 *
 * <p>Arguments: layout, directory, bytes.
 */
final class PayloadChild {

    private PayloadChild() {}

    public static void main(String... arguments) throws IOException {
        long size = Long.parseLong(arguments[2]);
        try (DiskStore<Payload> store = DiskStore.files(Path.of(arguments[1]))
                .layout(Layout.valueOf(arguments[0]))
                .build()) {
            store.put("large", Entry.of(Payload.of(() -> new Pattern(size))));
            Payload payload = Objects.requireNonNull(store.get("large"), "what was put");
            try (InputStream expected = new Pattern(size);
                    InputStream stored = payload.open()) {
                System.out.println(checksum(expected) == checksum(stored) ? "the same" : "different");
            }
            store.put("copy", Entry.of(Payload.of(Objects.requireNonNull(payload.path()))));
            try (InputStream expected = new Pattern(size);
                    InputStream copied =
                            Objects.requireNonNull(store.get("copy")).open()) {
                System.out.println(checksum(expected) == checksum(copied) ? "the same" : "different");
            }
        }
    }

    private static long checksum(InputStream stream) throws IOException {
        CRC32 checksum = new CRC32();
        byte[] buffer = new byte[64 * 1024];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            checksum.update(buffer, 0, count);
        }
        return checksum.getValue();
    }

    /** So many bytes, in which no two blocks are the same. */
    private static final class Pattern extends InputStream {

        private final long size;

        private long position;

        Pattern(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            return position == size ? -1 : at(position++) & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == size) {
                return -1;
            }
            int count = (int) Math.min(length, size - position);
            for (int i = 0; i < count; i++) {
                target[offset + i] = at(position++);
            }
            return count;
        }

        private static byte at(long position) {
            return (byte) (position ^ position >>> 8 ^ position >>> 16 ^ position >>> 24);
        }
    }
}
