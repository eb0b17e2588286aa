package dev.larder.store.disk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A line that is being written: bytes that grow. Not thread-safe. */
final class Line {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;

    private int length;

    Line(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    /** The bytes so far, and room after them. */
    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    Line add(byte[] more) {
        return add(more, 0, more.length);
    }

    Line add(byte[] more, int from, int to) {
        reserve(to - from);
        System.arraycopy(more, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    Line addInstant(long millis) {
        reserve(Instants.LENGTH);
        Instants.write(millis, bytes, length);
        length += Instants.LENGTH;
        return this;
    }

    Line addNumber(long number) {
        return add(Long.toString(number).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Eight hexadecimal digits. */
    Line addHex(int number) {
        reserve(8);
        for (int shift = 28; shift >= 0; shift -= 4) {
            bytes[length++] = DIGITS[(number >>> shift) & 0xf];
        }
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
