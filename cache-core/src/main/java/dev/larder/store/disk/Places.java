package dev.larder.store.disk;

import dev.larder.store.FileNames;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where entries are. Below {@code entries} there are the directories of the fan-out, named by the first digits of the hash
 * of the key, two digits at a level; the last of them is a leaf. With three digits:
 *
 * <pre>
 * hashed, body in the file     entries/3f/a/3fa29c…           64 digits: manifest and body
 * hashed, body beside          entries/3f/a/3fa29c…           manifest
 *                              entries/3f/a/3fa29c…-5d41…     body
 * folder                       entries/3f/a/NAME/manifest.json
 *                              entries/3f/a/NAME/body-5d41…   NAME: see FileNames
 * </pre>
 *
 * <p>Immutable, thread-safe.
 *
 * @param digits of the hash that choose the leaf: 0 to 4
 */
record Places(Path entries, Layout layout, int digits) {

    static final String MANIFEST = "manifest.json";

    private static final String BODY = "body-";

    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private static final Pattern BODY_OF_HASH = Pattern.compile("[0-9a-f]{64}-[0-9a-f]{16}");

    private static final Pattern BODY_IN_FOLDER = Pattern.compile(BODY + "[0-9a-f]{16}");

    int leaves() {
        return 1 << (4 * digits);
    }

    /** Where a leaf is, relative to all entries, with a slash at the end unless it is the same. */
    String leaf(int number) {
        return digits == 0 ? "" : prefix(("%0" + digits + "x").formatted(number));
    }

    /** How many leaves have a directory in common; 1 if all of them are in the same. */
    int siblings() {
        return digits <= 2 ? 1 : leaves() / 256;
    }

    /** Where the directory is that a leaf has in common with others. */
    String parent(int leaf) {
        return leaf(leaf).substring(0, 3);
    }

    /** The number of the leaf of this name, if the first of its siblings has this one; -1 if it is something else. */
    int leafOf(int first, String name) {
        return name.length() == digits - 2 && HEXADECIMAL.matcher(name).matches()
                ? first + Integer.parseInt(name, 16)
                : -1;
    }

    private String prefix(String hash) {
        return switch (digits) {
            case 0 -> "";
            case 1, 2 -> hash.substring(0, digits) + "/";
            default -> hash.substring(0, 2) + "/" + hash.substring(2, digits) + "/";
        };
    }

    /** Where the manifest of a key is, relative to all entries. */
    String id(Key key) {
        String prefix = prefix(key.hash());
        return layout == Layout.HASHED
                ? prefix.concat(key.hash())
                : prefix + FileNames.escape(key.text()) + "/" + MANIFEST;
    }

    Path manifest(String id) {
        return entries.resolve(id);
    }

    /** A name for a new body of an entry. */
    String newBody(Key key) {
        return (layout == Layout.HASHED ? key.hash() + "-" : BODY) + Writer.unique();
    }

    /** Whether a body that a manifest names can be one, and not a file elsewhere. */
    boolean isBodyOf(String body, Path manifest) {
        return isBody(body) && (layout == Layout.FOLDER || body.startsWith(String.valueOf(manifest.getFileName())));
    }

    boolean isBody(String name) {
        return (layout == Layout.HASHED ? BODY_OF_HASH : BODY_IN_FOLDER)
                .matcher(name)
                .matches();
    }

    /** Whether a file was made by some store, in whatever layout, by its name. */
    static boolean isOurs(String name) {
        return HASH.matcher(name).matches()
                || BODY_OF_HASH.matcher(name).matches()
                || BODY_IN_FOLDER.matcher(name).matches()
                || name.equals(MANIFEST)
                || Writer.ofTemporary(name) != null;
    }

    /** Whether a file is, by its name, the manifest of an entry. */
    boolean isManifest(String name) {
        return layout == Layout.HASHED ? HASH.matcher(name).matches() : name.equals(MANIFEST);
    }
}
