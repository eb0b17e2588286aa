package dev.larder.store.contract.faults;

import dev.larder.store.contract.faults.Call.Operation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the calls of a {@link FaultyFileSystem} go through: asks for faults, then calls the provider below. */
final class FaultyProvider extends FileSystemProvider {

    private final FaultyFileSystem fileSystem;

    private final FileSystemProvider below;

    FaultyProvider(FaultyFileSystem fileSystem, FileSystemProvider below) {
        this.fileSystem = fileSystem;
        this.below = below;
    }

    /** A call of the provider below. */
    @FunctionalInterface
    private interface Body<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** The same without a result. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private <T extends @Nullable Object> T call(Call call, Body<T> body) throws IOException {
        Fault fault = fileSystem.faults().on(call);
        fault.before(call);
        T result = body.run();
        fault.after(call);
        return result;
    }

    private void call(Operation operation, Path path, Action action) throws IOException {
        call(new Call(operation, path, null, 0, 0), () -> {
            action.run();
            return null;
        });
    }

    private void call(Operation operation, Path path, Path target, Action action) throws IOException {
        call(new Call(operation, path, target, 0, 0), () -> {
            action.run();
            return null;
        });
    }

    private static Path unwrap(Path path) {
        return FaultyPath.unwrap(path);
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException("Make one with its constructor");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return fileSystem.over(below.getPath(uri));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path file = unwrap(path);
        boolean creates =
                options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        Call call = Call.of(creates ? Operation.CREATE : Operation.OPEN, file);
        Fault fault = fileSystem.faults().on(call);
        fault.before(call);
        FileChannel channel = below.newFileChannel(file, options, attributes);
        try {
            fault.after(call);
        } catch (IOException ex) {
            channel.close();
            throw ex;
        }
        return new FaultyChannel(channel, file, fileSystem.faults());
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        Path listed = unwrap(directory);
        return call(
                Call.of(Operation.LIST, listed),
                () -> new FaultyDirectoryStream(
                        listed, below.newDirectoryStream(listed, path -> filter.accept(fileSystem.over(path)))));
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        Path created = unwrap(directory);
        call(Operation.CREATE_DIRECTORY, created, () -> below.createDirectory(created, attributes));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        call(
                Operation.LINK,
                unwrap(target),
                unwrap(link),
                () -> below.createSymbolicLink(unwrap(link), unwrap(target), attributes));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        call(Operation.LINK, unwrap(existing), unwrap(link), () -> below.createLink(unwrap(link), unwrap(existing)));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return fileSystem.over(below.readSymbolicLink(unwrap(link)));
    }

    @Override
    public void delete(Path path) throws IOException {
        call(Operation.DELETE, unwrap(path), () -> below.delete(unwrap(path)));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        call(Operation.MOVE, unwrap(source), unwrap(target), () -> below.copy(unwrap(source), unwrap(target), options));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        call(Operation.MOVE, unwrap(source), unwrap(target), () -> below.move(unwrap(source), unwrap(target), options));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return below.isSameFile(unwrap(path), unwrap(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return below.isHidden(unwrap(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        FileStore pretended = ((FaultyFileSystem) path.getFileSystem()).disk();
        return pretended == null ? below.getFileStore(unwrap(path)) : pretended;
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        call(Operation.STAT, unwrap(path), () -> below.checkAccess(unwrap(path), modes));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return call(Call.of(Operation.STAT, unwrap(path)), () -> below.readAttributes(unwrap(path), type, options));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return call(
                Call.of(Operation.STAT, unwrap(path)), () -> below.readAttributes(unwrap(path), attributes, options));
    }

    @Override
    public void setAttribute(Path path, String attribute, @Nullable Object value, LinkOption... options)
            throws IOException {
        Operation operation = attribute.endsWith("Time") ? Operation.SET_TIMES : Operation.SET_ATTRIBUTES;
        call(operation, unwrap(path), () -> below.setAttribute(unwrap(path), attribute, value, options));
    }

    @Override
    public <A extends FileAttributeView> @Nullable A getFileAttributeView(
            Path path, Class<A> type, LinkOption... options) {
        Path file = unwrap(path);
        A view = below.getFileAttributeView(file, type, options);
        if (view == null) {
            return null;
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Operation operation = switch (method.getName()) {
                case "setTimes" -> Operation.SET_TIMES;
                case "readAttributes" -> Operation.STAT;
                default -> Operation.SET_ATTRIBUTES;
            };
            return call(Call.of(operation, file), () -> {
                try {
                    return method.invoke(view, args);
                } catch (InvocationTargetException ex) {
                    throw ex.getCause() instanceof IOException io ? io : new IOException(ex.getCause());
                } catch (IllegalAccessException ex) {
                    throw new AssertionError(ex);
                }
            });
        }));
    }

    /** The files of a directory, wrapped; each step is a call. */
    private final class FaultyDirectoryStream implements DirectoryStream<Path> {

        private final Path directory;

        private final DirectoryStream<Path> stream;

        FaultyDirectoryStream(Path directory, DirectoryStream<Path> stream) {
            this.directory = directory;
            this.stream = stream;
        }

        @Override
        public Iterator<Path> iterator() {
            Iterator<Path> iterator = stream.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    try {
                        return call(Call.of(Operation.LIST, directory), iterator::hasNext);
                    } catch (IOException ex) {
                        throw new DirectoryIteratorException(ex);
                    }
                }

                @Override
                public Path next() {
                    return fileSystem.over(iterator.next());
                }
            };
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
