package dev.larder.store.contract.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path of the file system below, in the clothes of a {@link FaultyFileSystem}. */
final class FaultyPath implements Path {

    private final FaultyFileSystem fileSystem;

    private final Path below;

    FaultyPath(FaultyFileSystem fileSystem, Path below) {
        this.fileSystem = fileSystem;
        this.below = below;
    }

    static Path unwrap(Path path) {
        if (path instanceof FaultyPath faulty) {
            return faulty.below;
        }
        throw new ProviderMismatchException("Path %s was not made by this file system".formatted(path));
    }

    private Path wrap(Path path) {
        return new FaultyPath(fileSystem, path);
    }

    private @Nullable Path wrapNullable(@Nullable Path path) {
        return path == null ? null : wrap(path);
    }

    @Override
    public FaultyFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return below.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return wrapNullable(below.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return wrapNullable(below.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return wrapNullable(below.getParent());
    }

    @Override
    public int getNameCount() {
        return below.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return wrap(below.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return wrap(below.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof FaultyPath faulty && below.startsWith(faulty.below);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof FaultyPath faulty && below.endsWith(faulty.below);
    }

    @Override
    public Path normalize() {
        return wrap(below.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return wrap(below.resolve(unwrap(other)));
    }

    @Override
    public Path relativize(Path other) {
        return wrap(below.relativize(unwrap(other)));
    }

    @Override
    public URI toUri() {
        return below.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(below.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return wrap(below.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("Nothing can be watched through this file system");
    }

    @Override
    public int compareTo(Path other) {
        return below.compareTo(unwrap(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FaultyPath path && fileSystem == path.fileSystem && below.equals(path.below);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(fileSystem), below);
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
