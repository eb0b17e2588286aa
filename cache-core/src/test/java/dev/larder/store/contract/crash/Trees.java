package dev.larder.store.contract.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directories as a whole. */
final class Trees {

    private Trees() {}

    /** The content of each file below a directory, by its path from there. */
    static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    /** Lets a directory have these files, and no others. */
    static void restore(Path directory, Map<String, byte[]> contents) throws IOException {
        delete(directory);
        for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
        Files.createDirectories(directory);
    }

    static void copy(Path source, Path target) throws IOException {
        restore(target, contents(source));
    }

    /** Deletes a directory and all that is in it. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> found = Files.walk(directory)) {
                ArrayList<Path> all = new ArrayList<>(found.toList());
                Collections.reverse(all);
                for (Path path : all) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
