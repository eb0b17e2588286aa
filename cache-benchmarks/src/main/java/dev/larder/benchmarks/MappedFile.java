package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit that stores are held against: values in slots of one size in a mapped file, and a plain hash table in heap.
 * Nothing is checked, keys are not compared, reads take no lock and may see what somebody else is about to write, and all is
 * forgotten when it is closed.
 */
final class MappedFile implements PersistentContestant {

    private static final int MAX_MAP = 1 << 30;

    private final int stride;

    private final int slotsInMap;

    private final List<ByteBuffer> maps = new ArrayList<>();

    /** The numbers of slots, from 1. */
    private final PlainTable table;

    private final Deque<Integer> free = new ArrayDeque<>();

    private int used;

    MappedFile(Path directory, Room room) throws IOException {
        stride = Integer.BYTES + room.valueSize();
        slotsInMap = MAX_MAP / stride;
        // One more: the newest is put before the oldest is removed.
        int slots = room.entries() + 1024;
        table = new PlainTable(slots);
        try (FileChannel file = FileChannel.open(
                directory.resolve("map"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            for (long at = 0; at < (long) slots * stride; at += (long) slotsInMap * stride) {
                maps.add(file.map(
                        MapMode.READ_WRITE, at, Math.min((long) slotsInMap * stride, (long) slots * stride - at)));
            }
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        int slot = (int) table.get(key) - 1;
        if (slot < 0) {
            return null;
        }
        ByteBuffer map = maps.get(slot / slotsInMap);
        int offset = slot % slotsInMap * stride;
        byte[] value = new byte[map.getInt(offset)];
        map.get(offset + Integer.BYTES, value);
        return value;
    }

    @Override
    public synchronized void put(String key, byte[] value) {
        int slot = (int) table.get(key);
        if (slot == PlainTable.ABSENT) {
            Integer freed = free.poll();
            slot = freed != null ? freed : ++used;
            write(slot - 1, value);
            table.put(key, slot);
        } else {
            write(slot - 1, value);
        }
    }

    private void write(int slot, byte[] value) {
        ByteBuffer map = maps.get(slot / slotsInMap);
        int offset = slot % slotsInMap * stride;
        map.putInt(offset, value.length);
        map.put(offset + Integer.BYTES, value);
    }

    @Override
    public synchronized void remove(String key) {
        int slot = (int) table.remove(key);
        if (slot != PlainTable.ABSENT) {
            free.add(slot);
        }
    }

    @Override
    public void close() {}
}
