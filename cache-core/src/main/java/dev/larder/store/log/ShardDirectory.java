package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The directory of one log: where its files are, and which of those that are there are its own. */
final class ShardDirectory {

    private static final Pattern SEGMENT = Pattern.compile("([0-9]{1,18})\\.seg");

    private ShardDirectory() {}

    static Path segments(Path directory) {
        return directory.resolve("segments");
    }

    static Path large(Path directory) {
        return directory.resolve("large");
    }

    /** Moves aside what is where a log has its files, and is none of them. */
    static void makeWay(Path directory) throws IOException {
        Directories.makeWayForDirectory(directory);
        Directories.create(directory);
        State.makeWay(directory);
        Directories.makeWayForDirectory(segments(directory));
        Directories.makeWayForDirectory(large(directory));
    }

    /** Deletes a log that nobody has open: first what makes it one. */
    static void delete(Path directory) throws IOException {
        State.delete(directory);
        deleteSegments(segments(directory), Set.of());
        Directories.deleteIfEmpty(segments(directory));
        LargeFiles large = new LargeFiles(large(directory), 0);
        large.deleteUnknown(Set.of(), true);
        Directories.deleteIfEmpty(large(directory));
        Directories.deleteIfEmpty(directory);
    }

    /** The numbers of the segments in a directory, in any order. */
    static List<Long> numbers(Path segments) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (Path path : Directories.list(segments)) {
            Matcher matcher = SEGMENT.matcher(Directories.name(path));
            if (matcher.matches()) {
                numbers.add(Long.valueOf(matcher.group(1)));
            }
        }
        return numbers;
    }

    /** Deletes the segments of a directory apart from these. */
    static void deleteSegments(Path segments, Set<Path> others) throws IOException {
        for (Path path : Directories.list(segments)) {
            if (!others.contains(path)
                    && SEGMENT.matcher(Directories.name(path)).matches()) {
                Directories.deleteFile(path);
            }
        }
    }
}
