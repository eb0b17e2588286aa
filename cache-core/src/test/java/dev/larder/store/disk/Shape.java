package dev.larder.store.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.store.Encryption;
import dev.larder.store.Payload;
import dev.larder.store.Store;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The ways in which a disk store keeps an entry: what holds for one has to hold for each. */
enum Shape {
    HASHED_BYTES(Layout.HASHED, Kind.BYTES),
    FOLDER_BYTES(Layout.FOLDER, Kind.BYTES),
    HASHED_FILES(Layout.HASHED, Kind.FILES),
    FOLDER_FILES(Layout.FOLDER, Kind.FILES),
    HASHED_ENCRYPTED(Layout.HASHED, Kind.ENCRYPTED),
    FOLDER_ENCRYPTED(Layout.FOLDER, Kind.ENCRYPTED);

    /** For {@code @EnumSource}: the shapes that differ in their files, and not only in what is in them. */
    static final String ENCRYPTED = ".*_ENCRYPTED";

    private enum Kind {
        BYTES,
        FILES,
        ENCRYPTED
    }

    private final Layout layout;

    private final Kind kind;

    Shape(Layout layout, Kind kind) {
        this.layout = layout;
        this.kind = kind;
    }

    Store<String, String> open(Path directory, Setup setup) {
        if (kind == Kind.FILES) {
            DiskStore.Builder<Payload> builder = DiskStore.files(directory).layout(layout);
            return new TextStore<>(setup.apply(builder).build(), Shape::payload, Shape::text);
        }
        DiskStore.Builder<byte[]> builder = DiskStore.bytes(directory).layout(layout);
        if (kind == Kind.ENCRYPTED) {
            builder.encryption(Encryption.of("test", Map.of("test", new byte[16])));
        }
        return new TextStore<>(
                setup.apply(builder).build(), text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8));
    }

    boolean isEncrypted() {
        return kind == Kind.ENCRYPTED;
    }

    /** Whether values are files that the store does not read. */
    boolean isFiles() {
        return kind == Kind.FILES;
    }

    int filesPerEntry() {
        return layout == Layout.HASHED && !isFiles() ? 1 : 2;
    }

    private static Payload payload(String text) {
        return Payload.of(() -> new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    /** What is in the file; the reader of a payload is not the one to meet the faults of the test. */
    private static String text(Payload payload) {
        Path path = Objects.requireNonNull(payload.path());
        Path readable = path.getFileSystem() instanceof FaultyFileSystem faulty ? faulty.below(path) : path;
        try {
            return new String(Files.readAllBytes(readable), UTF_8);
        } catch (IOException ex) {
            throw new UncheckedIOException("A payload that was given out cannot be read", ex);
        }
    }
}
