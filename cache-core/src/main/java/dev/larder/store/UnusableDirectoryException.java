package dev.larder.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;

/** A directory that a store on disk cannot use, or may not; the message says why, and what to do about it. */
public final class UnusableDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String directory;

    private final String reason;

    private final String remedy;

    /**
     * An exception that says all there is to say.
     *
     * @param reason why the directory cannot be used, as it goes on after a colon
     * @param remedy what can be done about it, in a sentence
     */
    public UnusableDirectoryException(Path directory, String reason, String remedy) {
        this(directory, reason, remedy, null);
    }

    private UnusableDirectoryException(Path directory, String reason, String remedy, @Nullable Throwable cause) {
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

    /**
     * What to throw when opening a directory has failed: this with the reason if the file system is it, else the cause.
     *
     * @param cause what opening threw
     */
    public static RuntimeException of(Path directory, Exception cause) {
        if (cause instanceof UnusableDirectoryException named) {
            return named;
        }
        if (cause instanceof UncheckedIOException && cause.getCause() instanceof IOException ex) {
            return of(directory, ex);
        }
        String reason = cause instanceof FileSystemException ex ? ex.getReason() : cause.getMessage();
        String detail = reason == null ? "" : reason;
        if (cause instanceof ReadOnlyFileSystemException || detail.contains("Read-only file system")) {
            return new UnusableDirectoryException(
                    directory,
                    "the file system is read-only",
                    "Mount it writable, or configure a directory on another one.",
                    cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new UnusableDirectoryException(
                    directory,
                    "this process may not write to it",
                    "Let user '%s' write to it, or configure another directory."
                            .formatted(System.getProperty("user.name")),
                    cause);
        }
        if (cause instanceof FileAlreadyExistsException
                || cause instanceof NotDirectoryException
                || detail.contains("Not a directory")) {
            return new UnusableDirectoryException(
                    directory,
                    "'%s' is a file".formatted(obstacle(directory)),
                    "Move the file away, or configure another directory.",
                    cause);
        }
        if (cause instanceof IOException) {
            return new UnusableDirectoryException(
                    directory, cause.toString(), "See to the file system, or configure another directory.", cause);
        }
        return cause instanceof RuntimeException ex ? ex : new IllegalStateException(cause);
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
