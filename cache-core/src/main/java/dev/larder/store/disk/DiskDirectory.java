package dev.larder.store.disk;

import dev.larder.store.StoredEntries;
import dev.larder.store.StoredEntry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a {@link DiskStore}, to be looked at. Needs no settings of the store: not its codec, nor its keys for
 * encryption.
 */
public final class DiskDirectory implements StoredEntries {

    private final Path root;

    private final Places places;

    private DiskDirectory(Path root, Places places) {
        this.root = root;
        this.places = places;
    }

    /**
     * The store in a directory.
     *
     * @return null if there is none
     * @throws IOException if it cannot be read, or is of a version that is not known
     */
    public static @Nullable DiskDirectory at(Path directory) throws IOException {
        try {
            Places places = StoreFile.find(directory);
            return places == null ? null : new DiskDirectory(directory, places);
        } catch (NotDirectoryException ex) {
            return null;
        }
    }

    @Override
    public Map<String, String> describe() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("type", "disk");
        facts.put("format version", "1");
        facts.put("layout", places.layout().label());
        facts.put("directories", Integer.toString(places.leaves()));
        String users = Directories.list(root.resolve("ledger")).stream()
                .map(LedgerFile::writer)
                .filter(writer -> writer != null && !writer.isDead())
                .map(writer -> "process %d on %s".formatted(writer.pid(), writer.host()))
                .sorted()
                .distinct()
                .collect(Collectors.joining(", "));
        facts.put("in use by", users.isEmpty() ? "nobody" : users);
        return facts;
    }

    @Override
    public void read(boolean whole, Visitor visitor) throws IOException {
        Files.walkFileTree(places.entries(), new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && places.isManifest(String.valueOf(file.getFileName()))) {
                    show(file, whole, visitor);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException ex) {
                if (!(ex instanceof NoSuchFileException)) {
                    visitor.damaged(where(file), "cannot be read: " + ex);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException ex) {
                if (ex != null && Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                    visitor.damaged(where(directory), "cannot be read: " + ex);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void show(Path file, boolean whole, Visitor visitor) {
        try {
            FoundEntry found = FoundEntry.read(file, places, whole);
            visitor.entry(found.entry(root));
        } catch (NoSuchFileException ex) {
            // Removed meanwhile.
        } catch (DamagedEntryException ex) {
            visitor.damaged(where(file), ex.what());
        } catch (IOException | RuntimeException ex) {
            visitor.damaged(where(file), "cannot be read: " + ex);
        }
    }

    @Override
    public @Nullable StoredEntry find(String key) throws IOException {
        try {
            FoundEntry found = FoundEntry.read(places.manifest(places.id(Key.of(key))), places, false);
            return found.text().key().equals(key) ? found.entry(root) : null;
        } catch (NoSuchFileException | NotDirectoryException | DamagedEntryException ex) {
            return null;
        }
    }

    private String where(Path file) {
        return root.relativize(file).toString();
    }
}
