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

    /** Pairs of a hash and the number of a slot from 1; half full at most. */
    private final long[] table;

    private final Deque<Integer> free = new ArrayDeque<>();

    private int used;

    MappedFile(Path directory, Room room) throws IOException {
        stride = Integer.BYTES + room.valueSize();
        slotsInMap = MAX_MAP / stride;
        // One more: the newest is put before the oldest is removed.
        int slots = room.entries() + 1024;
        table = new long[Integer.highestOneBit(slots) * 8];
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
        int slot = (int) table[locate(hash(key)) + 1] - 1;
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
        long hash = hash(key);
        int at = locate(hash);
        if (table[at + 1] == 0) {
            Integer freed = free.poll();
            int slot = freed != null ? freed : ++used;
            write(slot - 1, value);
            table[at] = hash;
            table[at + 1] = slot;
        } else {
            write((int) table[at + 1] - 1, value);
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
        int gap = locate(hash(key));
        if (table[gap + 1] == 0) {
            return;
        }
        free.add((int) table[gap + 1]);
        for (int at = next(gap); table[at + 1] != 0; at = next(at)) {
            int home = home(table[at]);
            // Moves back whoever is not between the gap and its home.
            if ((at - home & table.length - 1) >= (at - gap & table.length - 1)) {
                table[gap] = table[at];
                table[gap + 1] = table[at + 1];
                gap = at;
            }
        }
        table[gap + 1] = 0;
    }

    private int locate(long hash) {
        int at = home(hash);
        while (table[at + 1] != 0 && table[at] != hash) {
            at = next(at);
        }
        return at;
    }

    private int home(long hash) {
        return (int) hash & table.length - 2;
    }

    private int next(int at) {
        return at + 2 & table.length - 1;
    }

    private static long hash(String key) {
        long hash = 0;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    @Override
    public void close() {}
}
