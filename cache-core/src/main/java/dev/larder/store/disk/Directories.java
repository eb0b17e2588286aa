package dev.larder.store.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What directories hold, for those that stay small. */
final class Directories {

    private Directories() {}

    /** What is in a directory now; nothing if it does not exist. */
    static List<Path> list(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException ex) {
            return List.of();
        } catch (DirectoryIteratorException ex) {
            throw ex.getCause();
        }
        return paths;
    }
}
