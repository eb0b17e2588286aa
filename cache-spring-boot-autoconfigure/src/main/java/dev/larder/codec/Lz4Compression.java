package dev.larder.codec;

import dev.larder.store.CodecException;
import dev.larder.store.Compression;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** LZ4, the fastest. Needs {@code at.yawk.lz4:lz4-java}. Thread-safe. */
public final class Lz4Compression implements Compression {

    private final LZ4Factory factory = LZ4Factory.fastestInstance();

    @Override
    public byte mark() {
        return 'l';
    }

    @Override
    public byte[] compress(byte[] plain) {
        return factory.fastCompressor().compress(plain);
    }

    /** The safe one of its two ways: the other trusts the bytes. */
    @Override
    public void decompress(byte[] compressed, int offset, byte[] plain) {
        try {
            int length = factory.safeDecompressor()
                    .decompress(compressed, offset, compressed.length - offset, plain, 0, plain.length);
            if (length != plain.length) {
                throw new CodecException("LZ4 bytes are not as long as they say", null);
            }
        } catch (LZ4Exception ex) {
            throw new CodecException("These bytes were not compressed with LZ4, or are longer than they say", ex);
        }
    }
}
