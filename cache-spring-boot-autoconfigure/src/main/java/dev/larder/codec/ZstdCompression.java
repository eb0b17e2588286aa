package dev.larder.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.larder.store.CodecException;
import dev.larder.store.Compression;

/** Zstandard, the smallest. Needs {@code com.github.luben:zstd-jni}. Thread-safe. */
public final class ZstdCompression implements Compression {

    @Override
    public byte mark() {
        return 'z';
    }

    @Override
    public byte[] compress(byte[] plain) {
        return Zstd.compress(plain, Zstd.defaultCompressionLevel());
    }

    @Override
    public void decompress(byte[] compressed, int offset, byte[] plain) {
        try {
            long length =
                    Zstd.decompressByteArray(plain, 0, plain.length, compressed, offset, compressed.length - offset);
            if (length != plain.length) {
                throw new CodecException("Zstandard bytes are not as long as they say", null);
            }
        } catch (ZstdException ex) {
            throw new CodecException("These bytes were not compressed with Zstandard, or are longer than they say", ex);
        }
    }
}
