package dev.larder.store.log;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Who may do what with files and directories: their owner everything, nobody else anything. */
final class Permissions {

    private static final FileAttribute<?>[] NONE = {};

    private Permissions() {}

    static FileAttribute<?>[] of(Path file) {
        return posix(file, "rw-------");
    }

    static FileAttribute<?>[] ofDirectory(Path directory) {
        return posix(directory, "rwx------");
    }

    private static FileAttribute<?>[] posix(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : NONE;
    }
}
