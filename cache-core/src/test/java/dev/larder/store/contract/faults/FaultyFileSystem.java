package dev.larder.store.contract.faults;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file system on top of another, whose calls meet the faults that a test injects.
 *
 * <p>Code under test gets a path from {@link #over} and needs to know nothing of it, provided that it does all its work
 * through {@link java.nio.file}: {@link java.io.File} and paths of the file system below are refused, as are files that are
 * mapped to be written, which would get round the faults. Files may be mapped to be read.
 *
 * <p>Thread-safe.
 */
public final class FaultyFileSystem extends FileSystem {

    private final FileSystem below;

    private volatile @Nullable FileStore disk;

    private final FaultyProvider provider;

    private final Faults faults = new Faults();

    public FaultyFileSystem(FileSystem below) {
        this.below = below;
        this.provider = new FaultyProvider(this, below.provider());
    }

    /** The rules. */
    public Faults faults() {
        return faults;
    }

    /** The same file, seen through this file system. */
    public Path over(Path path) {
        return new FaultyPath(this, path);
    }

    /** The same file, seen through the file system below. */
    public Path below(Path path) {
        return FaultyPath.unwrap(path);
    }

    @Override
    public FaultyProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("This file system lives as long as the one below");
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public boolean isReadOnly() {
        return below.isReadOnly();
    }

    @Override
    public String getSeparator() {
        return below.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        List<Path> roots = new ArrayList<>();
        below.getRootDirectories().forEach(root -> roots.add(over(root)));
        return roots;
    }

    /** Makes all of it be on another disk, as far as anybody asks. */
    public void pretend(FileStore disk) {
        this.disk = disk;
    }

    /** What all of it is said to be on; null if that is the truth. */
    @Nullable
    FileStore disk() {
        return disk;
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return below.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return below.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return over(below.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = below.getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(below(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return below.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() throws IOException {
        throw new UnsupportedOperationException("Nothing can be watched through this file system");
    }
}
