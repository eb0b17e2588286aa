package dev.larder.store.tool;

import dev.larder.store.StoredEntries;
import dev.larder.store.disk.DiskDirectory;
import dev.larder.store.log.LogDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the caches in a directory: that of one cache, or one with a directory for each. */
final class Caches {

    /** {@code larder.directory}, the directory of a namespace, and that of a cache. */
    private static final int DEPTH = 2;

    private Caches() {}

    /**
     * All caches.
     *
     * @return by where they are, relative to the directory; with a slash at the end, or empty if it is the cache itself
     * @throws ToolException if there is none
     */
    static Map<String, StoredEntries> in(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new ToolException("'%s' does not exist".formatted(directory));
        }
        if (!Files.isDirectory(directory)) {
            throw new ToolException(
                    "'%s' is not a directory: name that of a cache, or larder.directory".formatted(directory));
        }
        Map<String, StoredEntries> caches = new TreeMap<>();
        find(directory, "", DEPTH, caches);
        if (caches.isEmpty()) {
            throw new ToolException("There is no cache in '%s': name the directory of a cache, or larder.directory"
                    .formatted(directory));
        }
        return caches;
    }

    private static void find(Path directory, String name, int depth, Map<String, StoredEntries> caches)
            throws IOException {
        StoredEntries cache = at(directory);
        if (cache != null) {
            caches.put(name, cache);
        } else if (depth > 0) {
            for (Path path : directories(directory)) {
                find(path, name + path.getFileName() + "/", depth - 1, caches);
            }
        }
    }

    private static @Nullable StoredEntries at(Path directory) throws IOException {
        StoredEntries disk = DiskDirectory.at(directory);
        return disk == null ? LogDirectory.at(directory) : disk;
    }

    private static List<Path> directories(Path directory) throws IOException {
        List<Path> directories = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(
                directory, path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(path))) {
            stream.forEach(directories::add);
        }
        return directories;
    }
}
