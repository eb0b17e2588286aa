package dev.larder.store.contract.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is known of a file: what of it is on disk, and what was written since it was last synced. Not thread-safe. */
final class UnsyncedFile {

    /** What a disk writes as a whole. */
    static final int SECTOR = 512;

    private final Map<Integer, byte[]> durable = new HashMap<>();

    /** Those that a sync would bring to the disk. */
    private final Map<Integer, List<Version>> pending = new HashMap<>();

    /** Those that no later sync brings to the disk, because one has failed; they may be there by chance. */
    private final Map<Integer, List<Version>> doomed = new HashMap<>();

    private final List<Size> sizes = new ArrayList<>();

    private long durableSize;

    /** What a sector held when so many calls had been made. */
    private record Version(long time, byte[] content) {}

    /** A length that the file got; a shorter one takes the content behind it away for good. */
    private record Size(long time, long size, boolean isShorter) {

        /** Whether this took away what was in a sector at a time. */
        boolean takes(int sector, long written) {
            return isShorter && written < time && (long) sector * SECTOR >= size;
        }
    }

    /** A file that is on disk as it is. */
    static UnsyncedFile durable(byte[] content) {
        UnsyncedFile file = new UnsyncedFile();
        file.durableSize = content.length;
        for (int sector = 0; sector * SECTOR < content.length; sector++) {
            file.durable.put(sector, Arrays.copyOfRange(content, sector * SECTOR, (sector + 1) * SECTOR));
        }
        return file;
    }

    /** A sector was written. */
    void write(int sector, byte[] content, long time) {
        pending.computeIfAbsent(sector, any -> new ArrayList<>()).add(new Version(time, content));
    }

    /** The file may have got longer or shorter. */
    void resize(long size, long time) {
        if (size != size()) {
            sizes.add(new Size(time, size, size < size()));
        }
    }

    long size() {
        return sizes.isEmpty() ? durableSize : sizes.get(sizes.size() - 1).size();
    }

    /** A sync has succeeded that began at some time. */
    void sync(long time) {
        durable.keySet().removeIf(sector -> isTaken(sector, 0, sizes));
        pending.forEach((sector, versions) -> {
            versions.removeIf(version -> isTaken(sector, version.time(), sizes));
            for (Version version : List.copyOf(versions)) {
                if (version.time() <= time) {
                    durable.put(sector, version.content());
                    doomed.remove(sector);
                    versions.remove(version);
                }
            }
        });
        pending.values().removeIf(List::isEmpty);
        durableSize = size();
        sizes.clear();
    }

    private static boolean isTaken(int sector, long written, List<Size> sizes) {
        return sizes.stream().anyMatch(size -> size.takes(sector, written));
    }

    /** A sync has failed: the system takes what was to be written for clean, and does not try again. */
    void doom() {
        pending.forEach((sector, versions) ->
                doomed.computeIfAbsent(sector, any -> new ArrayList<>()).addAll(versions));
        pending.clear();
    }

    /** What may be found after a loss of power. */
    byte[] survivor(Random random, Loss loss) {
        List<Size> past = sizes.subList(0, loss.choose(random, sizes.size() + 1));
        byte[] content = new byte
                [(int) (past.isEmpty() ? durableSize : past.get(past.size() - 1).size())];
        durable.forEach((sector, bytes) -> {
            if (!isTaken(sector, 0, past)) {
                copy(bytes, sector, content);
            }
        });
        for (Map<Integer, List<Version>> unsure : List.of(doomed, pending)) {
            unsure.forEach((sector, versions) -> {
                List<Version> left = versions.stream()
                        .filter(version -> !isTaken(sector, version.time(), past))
                        .toList();
                if (!left.isEmpty() && loss.keeps(sector)) {
                    copy(left.get(loss.choose(random, left.size())).content(), sector, content);
                }
            });
        }
        return content;
    }

    private static void copy(byte[] bytes, int sector, byte[] target) {
        int at = sector * SECTOR;
        if (at < target.length) {
            System.arraycopy(bytes, 0, target, at, Math.min(bytes.length, target.length - at));
        }
    }
}
