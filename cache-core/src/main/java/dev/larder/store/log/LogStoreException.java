package dev.larder.store.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;

/** A directory that a {@link LogStore} cannot use; the message says why, and what to do about it. */
public final class LogStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String directory;

    private final String reason;

    private final String remedy;

    LogStoreException(Path directory, String reason, String remedy, @Nullable Throwable cause) {
        super("Cannot keep a cache in directory '%s': %s. %s".formatted(directory, reason, remedy), cause);
        this.directory = directory.toString();
        this.reason = reason;
        this.remedy = remedy;
    }

    /** The directory that cannot be used. */
    public String directory() {
        return directory;
    }

    /** Why it cannot be used. */
    public String reason() {
        return reason;
    }

    /** What can be done about it. */
    public String remedy() {
        return remedy;
    }

    static LogStoreException of(Path directory, Exception cause) {
        String detail = cause instanceof FileSystemException ex ? ex.getReason() : cause.getMessage();
        if (cause instanceof ReadOnlyFileSystemException || contains(detail, "Read-only file system")) {
            return new LogStoreException(
                    directory,
                    "the file system is read-only",
                    "Mount it writable, or configure a directory on another one.",
                    cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new LogStoreException(
                    directory,
                    "this process may not write to it",
                    "Let user '%s' write to it, or configure another directory."
                            .formatted(System.getProperty("user.name")),
                    cause);
        }
        if (cause instanceof FileAlreadyExistsException
                || cause instanceof NotDirectoryException
                || contains(detail, "Not a directory")) {
            return new LogStoreException(
                    directory,
                    "'%s' is a file".formatted(obstacle(directory)),
                    "Move the file away, or configure another directory.",
                    cause);
        }
        return new LogStoreException(
                directory,
                cause instanceof IOException ? cause.toString() : "" + detail,
                "See to the file system, or configure another directory.",
                cause);
    }

    private static boolean contains(@Nullable String detail, String part) {
        return detail != null && detail.contains(part);
    }

    /** What is in the way may be further up. */
    private static Path obstacle(Path directory) {
        for (Path path = directory.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                return path;
            }
        }
        return directory;
    }
}
