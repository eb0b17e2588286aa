package dev.larder.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a log: values are appended to files, each by one positional write, and read from read-only maps; a plain hash table in heap
 * says where they are. Nothing is checked, keys are neither written nor compared, a file goes when all that is in it was removed,
 * and all is forgotten when it is closed.
 */
final class BareLog implements PersistentContestant {

    private static final int SEGMENT_BYTES = 64 << 20;

    private static final int MAX_SEGMENTS = 1 << 16;

    private final Path directory;

    /** Number of the segment from 1, and offset. */
    private final PlainTable table;

    private final @Nullable ByteBuffer[] maps = new @Nullable ByteBuffer[MAX_SEGMENTS];

    /** Values by segment. */
    private final int[] live = new int[MAX_SEGMENTS];

    private final ByteBuffer record;

    private @Nullable FileChannel file;

    private int segment;

    private int end;

    BareLog(Path directory, Room room) {
        this.directory = directory;
        this.table = new PlainTable(room.entries() + 1024);
        this.record = ByteBuffer.allocate(Integer.BYTES + room.valueSize());
    }

    @Override
    public byte @Nullable [] get(String key) {
        long place = table.get(key);
        ByteBuffer map = maps[segment(place)];
        if (map == null) {
            return null;
        }
        byte[] value = new byte[map.getInt((int) place)];
        map.get((int) place + Integer.BYTES, value);
        return value;
    }

    @Override
    public synchronized void put(String key, byte[] value) throws IOException {
        record.clear().putInt(value.length).put(value).flip();
        FileChannel to = file;
        if (to == null || end + record.remaining() > SEGMENT_BYTES) {
            to = roll();
        }
        int offset = end;
        end += to.write(record, offset);
        live[segment]++;
        release(table.put(key, (long) segment << Integer.SIZE | offset));
    }

    private FileChannel roll() throws IOException {
        closeFile();
        segment++;
        end = 0;
        FileChannel made = FileChannel.open(
                path(segment), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        file = made;
        int unused = made.write(ByteBuffer.allocate(1), SEGMENT_BYTES - 1);
        maps[segment] = made.map(MapMode.READ_ONLY, 0, SEGMENT_BYTES);
        return made;
    }

    @Override
    public synchronized void remove(String key) throws IOException {
        release(table.remove(key));
    }

    private void release(long place) throws IOException {
        int number = segment(place);
        if (number != 0 && --live[number] == 0 && number != segment) {
            maps[number] = null;
            Files.delete(path(number));
        }
    }

    private static int segment(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    private Path path(int number) {
        return directory.resolve(number + ".bare");
    }

    private void closeFile() throws IOException {
        FileChannel open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Cuts what the maps would keep until they are collected, and the system would write to the disk meanwhile. */
    @Override
    public synchronized void close() {
        try {
            closeFile();
            for (int number = 1; number <= segment; number++) {
                if (maps[number] != null) {
                    FileChannel.open(path(number), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                            .close();
                }
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
