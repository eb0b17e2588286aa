package dev.larder.store.contract.crash;

import dev.larder.store.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Values that tell what they are: under which key they were put, by which write, and whether they are whole.
 *
 * <pre>version (8 bytes), number of the key (4), filler by both to the length that was asked for</pre>
 */
public final class Value {

    /** Every value has this many bytes at least. */
    static final int LEAST = 12;

    private Value() {}

    /** The name of a key. Some are long, and none is just ASCII. */
    static String name(int key) {
        return "schlüssel-" + key + (key % 8 == 0 ? "-" + "x".repeat(40 + key % 100) : "");
    }

    /** A value of so many bytes, or a few more if it needs them. */
    static byte[] of(int key, long version, int length) {
        ByteBuffer value = ByteBuffer.allocate(Math.max(LEAST, length));
        value.putLong(version).putInt(key);
        SplittableRandom filler = new SplittableRandom(version ^ (long) key << 40);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(filler.nextLong());
        }
        while (value.hasRemaining()) {
            value.put((byte) filler.nextInt());
        }
        return value.array();
    }

    /** An entry whose etag belongs to its value. */
    static Entry<byte[]> entry(int key, long version, int length) {
        return new Entry<>(of(key, version, length), Entry.FOREVER, Entry.FOREVER, etag(version));
    }

    private static String etag(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version of a value that was found.
     *
     * @throws Violation if it is not whole, or that of another key
     */
    static long version(int key, byte[] value) {
        if (value.length >= LEAST) {
            ByteBuffer head = ByteBuffer.wrap(value);
            long version = head.getLong();
            int owner = head.getInt();
            if (Arrays.equals(value, of(owner, version, value.length))) {
                if (owner == key) {
                    return version;
                }
                throw new Violation("Key %d gave version %d of key %d".formatted(key, version, owner));
            }
        }
        throw new Violation("Key %d gave a value of %d bytes that was never put, or is torn: %s"
                .formatted(key, value.length, shortened(value)));
    }

    /**
     * The version of an entry that was found.
     *
     * @throws Violation if its parts are not those of one write
     */
    static long version(int key, Entry<byte[]> entry) {
        long version = version(key, entry.value());
        if (!etag(version).equals(entry.etag())
                || entry.freshUntil() != Entry.FOREVER
                || entry.keptUntil() != Entry.FOREVER) {
            throw new Violation("Key %d gave version %d with etag %s, fresh until %d, kept until %d"
                    .formatted(key, version, entry.etag(), entry.freshUntil(), entry.keptUntil()));
        }
        return version;
    }

    private static String shortened(byte[] value) {
        byte[] start = Arrays.copyOf(value, Math.min(value.length, 40));
        return Arrays.toString(start) + " = " + new String(start, StandardCharsets.ISO_8859_1);
    }
}
