package dev.larder.store.disk;

import dev.larder.store.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file that says how a store is laid out, written once when it is created:
 *
 * <pre>
 * store.json    {"larder":1,"layout":"hashed","digits":2}
 * </pre>
 *
 * <p>{@code digits} is how many digits of the hash of a key choose its leaf ({@link Places}). It is chosen from the bound, so that
 * a leaf has some hundred entries when the store is full; later changes of the bound do not change it.
 */
final class StoreFile {

    private static final Pattern TEXT =
            Pattern.compile("\\{\"larder\":1,\"layout\":\"(hashed|folder)\",\"digits\":([0-4])}\n");

    /** Not more: a leaf is listed as a whole, in a few milliseconds. Not fewer: directories cost too. */
    private static final long LEAF = 1024;

    /** For a bound by size: a guess of how long an entry is. A wrong one makes leaves smaller or larger, no more. */
    private static final long USUAL_BYTES = 16 * 1024;

    /** Of a store without a bound. */
    private static final int UNBOUNDED_DIGITS = 3;

    private static final int MAX_DIGITS = 4;

    private StoreFile() {}

    static int digits(long maxEntries, long maxBytes) {
        long entries = Math.min(maxEntries, maxBytes == Long.MAX_VALUE ? Long.MAX_VALUE : maxBytes / USUAL_BYTES);
        if (entries == Long.MAX_VALUE) {
            return UNBOUNDED_DIGITS;
        }
        int digits = 0;
        while (digits < MAX_DIGITS && (entries >> (4 * digits)) > LEAF) {
            digits++;
        }
        return digits;
    }

    /**
     * How the store in a directory is laid out; a new one as is asked for. What was kept in another layout, or in one that
     * cannot be read any more, is thrown away.
     */
    static Places open(Path root, Layout layout, int digits, Disk disk, Trash trash, Failures failures)
            throws IOException {
        Path file = root.resolve("store.json");
        Path entries = root.resolve("entries");
        while (true) {
            String text = read(file);
            Matcher matcher = TEXT.matcher(text == null ? "" : text);
            if (matcher.matches() && matcher.group(1).equals(layout.label())) {
                return new Places(entries, layout, Integer.parseInt(matcher.group(2)));
            }
            if (text != null) {
                if (!matcher.matches()) {
                    failures.report(
                            "open",
                            new IOException("'%s' is damaged, or of another version: starting empty".formatted(file)));
                }
                trash.throwAway(entries);
                Files.deleteIfExists(file);
            }
            boolean foreign = Files.exists(entries);
            if (create(file, text(layout, digits), disk) && foreign) {
                trash.throwAway(entries);
            }
        }
    }

    /** How the store in a directory is laid out, for those who only look; null if there is none. */
    static @Nullable Places find(Path root) throws IOException {
        Path file = root.resolve("store.json");
        String text = read(file);
        if (text == null) {
            return null;
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("'%s' is damaged, or of a version that this one does not know".formatted(file));
        }
        Layout layout = matcher.group(1).equals(Layout.HASHED.label()) ? Layout.HASHED : Layout.FOLDER;
        return new Places(root.resolve("entries"), layout, Integer.parseInt(matcher.group(2)));
    }

    private static String text(Layout layout, int digits) {
        return "{\"larder\":1,\"layout\":\"%s\",\"digits\":%d}\n".formatted(layout.label(), digits);
    }

    private static @Nullable String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException ex) {
            return null;
        }
    }

    /** One of several processes that open a new store wins; returns whether this one did. */
    private static boolean create(Path file, String text, Disk disk) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Path temporary = file.resolveSibling(Writer.temporaryName());
        disk.create(temporary, bytes, bytes.length, new byte[0]);
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException ex) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            disk.rename(temporary, file);
        } finally {
            Disk.deleteQuietly(temporary);
        }
        return true;
    }
}
