package dev.larder.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/** LMDB: a tree in a mapped file, one writer at a time. Writes reach the map, and the disk when the system likes. */
final class LmdbContestant implements PersistentContestant {

    private static final int MAX_KEY = 511;

    private final Env<ByteBuffer> env;

    private final Dbi<ByteBuffer> database;

    private final Queue<Txn<ByteBuffer>> readers = new ConcurrentLinkedQueue<>();

    /** A transaction is expensive to make, and cheap to use again. */
    private final ThreadLocal<Txn<ByteBuffer>> reader = ThreadLocal.withInitial(this::newReader);

    private final ThreadLocal<ByteBuffer> keys = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(MAX_KEY));

    private final ThreadLocal<ByteBuffer> values;

    LmdbContestant(Path directory, Room room) {
        env = Env.create()
                // Values of 1 KiB leave much of each page empty, and a tree holds free pages.
                .setMapSize((room.bytes() + (16L << 20)) * 4)
                .setMaxDbs(1)
                .open(directory.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_WRITEMAP, EnvFlags.MDB_NOTLS);
        database = env.openDbi("map", DbiFlags.MDB_CREATE);
        values = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(room.valueSize()));
    }

    private Txn<ByteBuffer> newReader() {
        Txn<ByteBuffer> txn = env.txnRead();
        txn.reset();
        readers.add(txn);
        return txn;
    }

    @Override
    public byte @Nullable [] get(String key) {
        Txn<ByteBuffer> txn = reader.get();
        txn.renew();
        try {
            ByteBuffer found = database.get(txn, direct(key));
            if (found == null) {
                return null;
            }
            byte[] value = new byte[found.remaining()];
            found.get(value);
            return value;
        } finally {
            txn.reset();
        }
    }

    @Override
    public void put(String key, byte[] value) {
        database.put(direct(key), values.get().clear().put(value).flip());
    }

    @Override
    public void remove(String key) {
        database.delete(direct(key));
    }

    private ByteBuffer direct(String key) {
        return keys.get().clear().put(key.getBytes(StandardCharsets.UTF_8)).flip();
    }

    @Override
    public void close() {
        readers.forEach(Txn::close);
        env.close();
    }
}
