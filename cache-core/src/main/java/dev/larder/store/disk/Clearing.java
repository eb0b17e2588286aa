package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes all entries of a store. The directory of all entries is thrown away by one rename, so that nobody sees a store that is
 * half empty; the background deletes what was in it. Bodies that readers may have are left where they are: such entries go one
 * after another.
 *
 * <p>Thread-safe.
 */
final class Clearing {

    /**
     * So many entries are looked at to tell by what they went, the dead ones apart. Not more: whoever clears waits, for some 10
     * microseconds each. Not fewer: the counts of small stores should be exact.
     */
    private static final int LOOKED_AT = 4096;

    private final Places places;

    private final ManifestFiles manifests;

    private final EntryTree tree;

    private final KeyLocks locks;

    private final Ledger ledger;

    private final Recency recency;

    private final Trash trash;

    private final Undeleted undeleted;

    private final StoreCounts counts;

    private final InstantSource clock;

    private final Failures failures;

    /** Whether bodies have readers. */
    private final boolean oneByOne;

    Clearing(
            Places places,
            ManifestFiles manifests,
            EntryTree tree,
            KeyLocks locks,
            Ledger ledger,
            Recency recency,
            Trash trash,
            Undeleted undeleted,
            StoreCounts counts,
            InstantSource clock,
            Failures failures,
            boolean oneByOne) {
        this.places = places;
        this.manifests = manifests;
        this.tree = tree;
        this.locks = locks;
        this.ledger = ledger;
        this.recency = recency;
        this.trash = trash;
        this.undeleted = undeleted;
        this.counts = counts;
        this.clock = clock;
        this.failures = failures;
        this.oneByOne = oneByOne;
    }

    /** Removes all entries, and returns whether something fresh was among them. */
    boolean clear() {
        try {
            boolean fresh = oneByOne ? removeEach() : throwAway();
            undeleted.removeAll();
            return fresh;
        } catch (IOException | RuntimeException ex) {
            failures.report("delete", ex);
            undeleted.addAll();
            return false;
        }
    }

    private boolean throwAway() throws IOException {
        Path thrown;
        long entries;
        locks.lockAll();
        try {
            ledger.lookNow();
            Sums total = ledger.total();
            entries = total.entries();
            thrown = trash.take(places.entries());
            ledger.add(-entries, -total.bytes());
            recency.forgetAll();
        } finally {
            locks.unlockAll();
        }
        if (thrown == null) {
            return false;
        }
        try {
            return count(thrown, entries);
        } catch (IOException ex) {
            // They are gone all the same.
            failures.report("read", ex);
            return false;
        } finally {
            trash.release(thrown);
        }
    }

    /** Counts what was thrown away, and returns whether something fresh was among it. */
    private boolean count(Path thrown, long entries) throws IOException {
        Tally tally = new Tally();
        Tree old = tree.movedTo(thrown);
        int leaf = 0;
        while (leaf < old.leaves() && !(tally.fresh && tally.entries >= LOOKED_AT)) {
            old.list(leaf++, candidate -> tally.add(manifest(old.manifest(candidate.id()))));
        }
        if (leaf < old.leaves()) {
            counts.removed.add(Math.max(0, entries - tally.entries));
        }
        return tally.fresh;
    }

    private boolean removeEach() throws IOException {
        Tally tally = new Tally();
        List<IOException> faults = new ArrayList<>(1);
        locks.lockAll();
        try {
            for (int leaf = 0; leaf < tree.leaves(); leaf++) {
                tree.list(leaf, candidate -> clear(candidate, tally), faults::add);
            }
            recency.forgetAll();
        } finally {
            locks.unlockAll();
        }
        if (!faults.isEmpty()) {
            // What could not be looked at may be an entry that is still there.
            throw faults.get(0);
        }
        return tally.fresh;
    }

    private void clear(Tree.Candidate candidate, Tally tally) {
        Manifest manifest = manifest(tree.manifest(candidate.id()));
        long bytes = tree.clear(candidate);
        if (bytes >= 0) {
            tally.add(manifest);
            ledger.add(-1, -bytes);
        }
    }

    private @Nullable Manifest manifest(Path file) {
        try {
            return manifests.read(file, null);
        } catch (IOException | RuntimeException damaged) {
            return null;
        }
    }

    /** Counts entries that go. */
    private final class Tally {

        private long entries;

        private boolean fresh;

        void add(@Nullable Manifest manifest) {
            long now = clock.millis();
            entries++;
            fresh |= manifest != null && now < manifest.freshUntil();
            (manifest != null && now < manifest.keptUntil() ? counts.removed : counts.expired).increment();
        }
    }
}
