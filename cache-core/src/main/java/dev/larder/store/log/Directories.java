package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is done with directories. */
final class Directories {

    /** Windows does not open directories, and need not. */
    private static final boolean OPENABLE = !System.getProperty("os.name", "").startsWith("Windows");

    private Directories() {}

    /** Renames a directory that is where a file should be: it is not ours to delete. */
    static void makeWayForFile(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            moveAside(path);
        }
    }

    /** Renames what is where a directory should be, and is none. */
    static void makeWayForDirectory(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            moveAside(path);
        }
    }

    private static void moveAside(Path path) throws IOException {
        int number = 0;
        Path aside;
        do {
            aside = path.resolveSibling(name(path) + ".aside-" + number);
            number++;
        } while (Files.exists(aside));
        Files.move(path, aside);
    }

    /** Deletes a file with a name of ours; a directory is renamed. */
    static void deleteFile(Path path) throws IOException {
        makeWayForFile(path);
        Files.deleteIfExists(path);
    }

    /** Makes a directory and those above it. */
    static void create(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, Permissions.ofDirectory(directory));
        }
    }

    /** What is in a directory now; nothing if it does not exist. */
    static List<Path> list(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path path : stream) {
                paths.add(path);
            }
        } catch (NoSuchFileException | NotDirectoryException ex) {
            return List.of();
        } catch (DirectoryIteratorException ex) {
            throw ex.getCause();
        }
        return paths;
    }

    /** Syncs which files are in a directory, where the system has a way. */
    static void force(Path directory) throws IOException {
        if (OPENABLE) {
            try (SteadyFile file = SteadyFile.read(directory)) {
                file.force();
            }
        }
    }

    /** The same, and that there is this directory. */
    static void forceWithName(Path directory) throws IOException {
        force(directory);
        Path parent = directory.getParent();
        if (parent != null) {
            force(parent);
        }
    }

    /** Deletes a directory in which nothing is left. */
    static void deleteIfEmpty(Path directory) throws IOException {
        if (Files.isDirectory(directory) && list(directory).isEmpty()) {
            Files.delete(directory);
        }
    }

    /** The last part of a path. */
    static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
