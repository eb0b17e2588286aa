package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/** Chronicle Map: a hash table in a mapped file, whose size is fixed when it is made. */
final class ChronicleMapContestant implements PersistentContestant {

    private final ChronicleMap<String, byte[]> map;

    ChronicleMapContestant(Path directory, Room room) throws IOException {
        map = ChronicleMapBuilder.of(String.class, byte[].class)
                .name("map")
                .averageKey("product:123456")
                .averageValueSize(room.valueSize())
                .entries(room.entries())
                .maxBloatFactor(2)
                .createPersistedTo(directory.resolve("map.dat").toFile());
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
        map.close();
    }
}
