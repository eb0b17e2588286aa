package dev.larder.store.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a directory, as a person would find it. */
final class Listing {

    private Listing() {}

    /** All regular files below a directory, sorted; none if it is not there. */
    static List<Path> files(Path directory) {
        return all(directory).stream().filter(Files::isRegularFile).toList();
    }

    /** All files and directories below a directory, itself included, sorted; none if it is not there. */
    static List<Path> all(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The content of all files below a directory. */
    static Map<Path, byte[]> contents(Path directory) throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        for (Path file : files(directory)) {
            contents.put(file, Files.readAllBytes(file));
        }
        return contents;
    }

    /** Makes a directory hold these files and no others. */
    static void restore(Path directory, Map<Path, byte[]> contents) throws IOException {
        for (Path file : files(directory)) {
            if (!contents.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> file : contents.entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.write(file.getKey(), file.getValue());
        }
    }
}
