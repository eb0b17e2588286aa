package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory of its own that is deleted at the end, also when the program is stopped. */
final class WorkDirectory implements AutoCloseable {

    private final Path path;

    private final Thread atExit;

    WorkDirectory(Path parent) throws IOException {
        Files.createDirectories(parent);
        path = Files.createTempDirectory(parent, "larder-benchmarks-");
        atExit = new Thread(this::deleteQuietly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        delete(path);
        boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void deleteQuietly() {
        try {
            delete(path);
        } catch (IOException ex) {
            System.err.println("Please delete " + path + ": " + ex);
        }
    }

    /** Waits until the system has written the files of a directory to the disk, lest it does so while something is measured. */
    static void force(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                } catch (NoSuchFileException ex) {
                    // A store that is open deletes files.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
                return goOnWithout(ex);
            }
        });
    }

    private static FileVisitResult goOnWithout(IOException ex) throws IOException {
        if (ex instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw ex;
    }

    /** Deletes a directory and all that is in it, of which some may be gone already. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
                return goOnWithout(ex);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
