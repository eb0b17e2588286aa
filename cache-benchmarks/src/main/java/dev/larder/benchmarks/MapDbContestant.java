package dev.larder.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB: a hash tree in a mapped file, bounded by entries. */
final class MapDbContestant extends MapOnDisk {

    private final DB database;

    MapDbContestant(Path directory, Room room) {
        this(
                DBMaker.fileDB(directory.resolve("map.db").toFile())
                        .fileMmapEnableIfSupported()
                        .fileMmapPreclearDisable()
                        .make(),
                room);
    }

    private MapDbContestant(DB database, Room room) {
        super(map(database, room));
        this.database = database;
    }

    private static Map<String, byte[]> map(DB database, Room room) {
        DB.HashMapMaker<String, byte[]> maker = database.hashMap("map", Serializer.STRING, Serializer.BYTE_ARRAY);
        if (room.isBounded()) {
            maker.expireAfterCreate().expireMaxSize(room.entries());
        }
        return maker.createOrOpen();
    }

    @Override
    public void close() {
        database.close();
    }
}
