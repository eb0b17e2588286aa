package dev.larder.store.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a store as background work sees them: leaf directories, listed one at a time, so that no work needs
 * memory for more than a leaf holds.
 *
 * <p>An entry is known by its <em>id</em>: where its manifest is, relative to the directory of all entries, with slashes
 * ({@code 3f/a2/3fa2…}, {@code 3f/a2/name/manifest.json}). Reads and writes report uses under the same ids.
 *
 * <p>Thread-safe. A directory or a file that vanishes meanwhile is as if it had not been listed.
 */
interface Tree {

    /** How many leaf directories there are, existing or not: a power of 16. They are numbered from 0. */
    int leaves();

    /**
     * The first leaf from this number on that may exist, or {@link #leaves} if there is none. Costs a listing at most, so that
     * a small store in a large tree is not looked for in thousands of places.
     */
    int next(int leaf) throws IOException;

    /** Gives all entries of a leaf, in no order. Costs a stat for each, or a read where bodies are files of their own. */
    void list(int leaf, Consumer<Candidate> to) throws IOException;

    /** The manifest of an entry. When it was last modified is when the entry was last used, as far as is known. */
    Path manifest(String id);

    /**
     * When the life of an entry is over, in milliseconds since the epoch. Reads its manifest; one that cannot be read or
     * is damaged has no life, which is 0, and one that vanished has all the time there is.
     */
    long keptUntil(Candidate candidate);

    /**
     * Removes an entry because of a bound, unless its manifest was modified later than the candidate's last use or another
     * thread of this process is just writing its key. Never waits. Counts it as evicted, or as expired if its life was
     * over. The caller tells the ledger.
     *
     * @return how many bytes less there are, or -1 if nothing was removed
     */
    long evict(Candidate candidate);

    /**
     * Removes an entry if its life is over, and counts it as expired. Reads its manifest. Never waits. The caller tells
     * the ledger.
     *
     * @return how many bytes less there are, or -1 if nothing was removed
     */
    long expire(Candidate candidate);

    /** Gives what is in a leaf and belongs to no entry: temporary files, and bodies that no manifest names. */
    void debris(int leaf, Consumer<Debris> to) throws IOException;

    /**
     * An entry that was listed.
     *
     * @param id where its manifest is
     * @param bytes the length of its files
     * @param lastUse when its manifest was last modified, in nanoseconds since the epoch
     */
    record Candidate(String id, long bytes, long lastUse) {}

    /**
     * A file that belongs to no entry.
     *
     * @param writer who made it, if it is temporary: it may go when its writer is dead. Null for a body that no manifest
     *     names: it may go when it was modified longer ago than bodies are kept for readers
     * @param modified when it was last modified, in milliseconds since the epoch
     */
    record Debris(Path path, @Nullable Writer writer, long modified) {}
}
