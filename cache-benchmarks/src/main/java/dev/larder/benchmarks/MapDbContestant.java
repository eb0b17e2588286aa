package dev.larder.benchmarks;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/** MapDB: a hash tree in a mapped file, bounded by entries. */
final class MapDbContestant implements PersistentContestant {

    private final DB database;

    private final HTreeMap<String, byte[]> map;

    MapDbContestant(Path directory, Room room) {
        database = DBMaker.fileDB(directory.resolve("map.db").toFile())
                .fileMmapEnableIfSupported()
                .fileMmapPreclearDisable()
                .make();
        DB.HashMapMaker<String, byte[]> maker = database.hashMap("map", Serializer.STRING, Serializer.BYTE_ARRAY);
        if (room.isBounded()) {
            maker.expireAfterCreate().expireMaxSize(room.entries());
        }
        map = maker.createOrOpen();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        map.put(key, value);
    }

    @Override
    public void remove(String key) {
        map.remove(key);
    }

    @Override
    public void close() {
        database.close();
    }
}
