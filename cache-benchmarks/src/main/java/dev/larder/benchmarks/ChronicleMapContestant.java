package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** Chronicle Map: a hash table in a mapped file, whose size is fixed when it is made. */
final class ChronicleMapContestant extends MapOnDisk {

    private final ChronicleMap<String, byte[]> map;

    ChronicleMapContestant(Path directory, Room room) throws IOException {
        this(ChronicleMapBuilder.of(String.class, byte[].class)
                .name("map")
                .averageKey("product:123456")
                .averageValueSize(room.valueSize())
                .entries(room.entries())
                .maxBloatFactor(2)
                .createPersistedTo(directory.resolve("map.dat").toFile()));
    }

    private ChronicleMapContestant(ChronicleMap<String, byte[]> map) {
        super(map);
        this.map = map;
    }

    @Override
    public void close() {
        map.close();
    }
}
