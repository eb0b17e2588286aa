package dev.larder.store;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A way to make bytes fewer, without loss.
 *
 * <p>Thread-safe. See {@link CompressingCodec} for when it is used, and for what guards reading.
 */
public interface Compression {

    /** What the bytes are marked with: a printable character other than those that text begins with. */
    byte mark();

    /** The bytes, compressed; may be more than before. */
    byte[] compress(byte[] plain);

    /**
     * Fills an array with what was compressed.
     *
     * @param compressed holds the compressed bytes from an offset to its end
     * @param plain exactly as long as what was compressed
     * @throws CodecException if the bytes do not fill the array, or do not fit into it, or are no such bytes at all
     */
    void decompress(byte[] compressed, int offset, byte[] plain);

    /** Deflate as in zlib, which every JDK has. Smaller than lz4 and slower than zstd. */
    static Compression deflate() {
        return Deflate.INSTANCE;
    }

    /** See {@link #deflate}. */
    final class Deflate implements Compression {

        private static final Deflate INSTANCE = new Deflate();

        private Deflate() {}

        @Override
        public byte mark() {
            return 'd';
        }

        @Override
        public byte[] compress(byte[] plain) {
            Deflater deflater = new Deflater(Deflater.BEST_SPEED);
            try {
                deflater.setInput(plain);
                deflater.finish();
                // Deflate adds 5 bytes to each block of 16 KiB or more that it cannot compress, and a header and a sum
                byte[] compressed = new byte[plain.length + plain.length / 1024 + 64];
                int length = deflater.deflate(compressed);
                if (!deflater.finished()) {
                    throw new CodecException("Deflate needs more room than it ever should", null);
                }
                return Arrays.copyOf(compressed, length);
            } finally {
                deflater.end();
            }
        }

        @Override
        public void decompress(byte[] compressed, int offset, byte[] plain) {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(compressed, offset, compressed.length - offset);
                int length = inflater.inflate(plain);
                if (length != plain.length || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
                    throw new CodecException("Deflated bytes are not as long as they say", null);
                }
                if (inflater.getRemaining() != 0) {
                    throw new CodecException("Deflated bytes are followed by others", null);
                }
            } catch (DataFormatException ex) {
                throw new CodecException("These bytes were not deflated", ex);
            } finally {
                inflater.end();
            }
        }
    }
}
