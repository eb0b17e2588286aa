package dev.larder.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZInputStream;

/** Reads recorded requests: keys as 32-bit big-endian integers, as they are or compressed by xz. */
final class Trace {

    /** What a name begins with that stands for requests by Zipf's law over so many items. */
    private static final String ZIPF = "zipf:";

    private static final int ZIPF_REQUESTS = 1_000_000;

    private Trace() {}

    /**
     * The requests of a file, or those that are made up.
     *
     * @throws IOException as {@link #read}
     */
    static int[] named(String name) throws IOException {
        if (name.startsWith(ZIPF)) {
            return new Zipf(Plan.positive(name.substring(ZIPF.length())), 0.99).requests(ZIPF_REQUESTS, 1);
        }
        return read(Path.of(name));
    }

    /**
     * The keys in the order in which they were asked for.
     *
     * @throws IOException if the file cannot be read, or is not a trace
     */
    static int[] read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readAllBytes();
        }
        if (bytes.length == 0 || bytes.length % Integer.BYTES != 0) {
            throw new IOException("%s has %d bytes, which are not 32-bit integers; is it a trace, plain or in xz?"
                    .formatted(file, bytes.length));
        }
        int[] keys = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(keys);
        return keys;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(XZ.HEADER_MAGIC.length);
        byte[] start = in.readNBytes(XZ.HEADER_MAGIC.length);
        in.reset();
        return Arrays.equals(start, XZ.HEADER_MAGIC) ? new XZInputStream(in) : in;
    }
}
