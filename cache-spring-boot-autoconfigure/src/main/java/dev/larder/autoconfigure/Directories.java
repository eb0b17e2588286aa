package dev.larder.autoconfigure;

import dev.larder.store.FileNames;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where caches on disk live: one directory for each name and namespace, whatever they contain. Immutable. */
final class Directories {

    /** No name of a cache begins with it when it is escaped. */
    private static final String NAMESPACE_MARK = "@";

    private final Path root;

    Directories(String directory, String namespace) {
        Path path;
        try {
            path = Path.of(directory);
        } catch (InvalidPathException ex) {
            throw new InvalidLarderConfigurationException(
                    LarderProperties.DIRECTORY,
                    directory,
                    "it cannot be the name of a directory",
                    "Choose another one.");
        }
        this.root = namespace.isEmpty() ? path : path.resolve(NAMESPACE_MARK + FileNames.escape(namespace));
    }

    Path of(String cacheName) {
        return root.resolve(FileNames.escape(cacheName));
    }
}
