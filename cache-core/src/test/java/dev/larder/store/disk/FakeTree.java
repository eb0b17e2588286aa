package dev.larder.store.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Entries in memory that look as if they were on disk. Not thread-safe. */
final class FakeTree implements Tree {

    final Map<String, Fake> entries = new TreeMap<>();

    final List<Debris> debris = new ArrayList<>();

    /** What cannot be removed. */
    final Set<String> locked = new HashSet<>();

    private final Path directory;

    private final int leaves;

    /** How many entries were listed. */
    long listed;

    /** How many leaves were listed. */
    long listings;

    boolean broken;

    FakeTree(Path directory, int leaves) {
        this.directory = directory;
        this.leaves = leaves;
    }

    FakeTree put(String id, long bytes, long lastUse) {
        return put(id, bytes, lastUse, Long.MAX_VALUE);
    }

    FakeTree put(String id, long bytes, long lastUse, long keptUntil) {
        entries.put(id, new Fake(bytes, lastUse, keptUntil));
        return this;
    }

    @Override
    public int leaves() {
        return leaves;
    }

    @Override
    public int next(int leaf) throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
        int next = leaf;
        while (next < leaves && !isThere(next)) {
            next++;
        }
        return next;
    }

    private boolean isThere(int leaf) {
        return (leaf == 0 && !debris.isEmpty()) || entries.keySet().stream().anyMatch(id -> leafOf(id) == leaf);
    }

    @Override
    public void list(int leaf, Consumer<Candidate> to) throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
        listings++;
        for (Map.Entry<String, Fake> each : List.copyOf(entries.entrySet())) {
            if (leafOf(each.getKey()) == leaf) {
                listed++;
                to.accept(new Candidate(each.getKey(), each.getValue().bytes, each.getValue().lastUse));
            }
        }
    }

    int leafOf(String id) {
        return Math.floorMod(id.hashCode(), leaves);
    }

    @Override
    public Path manifest(String id) {
        return directory.resolve(id);
    }

    @Override
    public long keptUntil(Candidate candidate) {
        return entries.get(candidate.id()).keptUntil;
    }

    @Override
    public long evict(Candidate candidate) {
        Fake fake = entries.get(candidate.id());
        if (fake == null || fake.lastUse > candidate.lastUse() || locked.contains(candidate.id())) {
            return -1;
        }
        entries.remove(candidate.id());
        return fake.bytes;
    }

    @Override
    public long expire(Candidate candidate) {
        return locked.contains(candidate.id()) ? -1 : entries.remove(candidate.id()).bytes;
    }

    @Override
    public void debris(int leaf, Consumer<Debris> to) {
        if (leaf == 0) {
            List.copyOf(debris).forEach(to);
        }
    }

    record Fake(long bytes, long lastUse, long keptUntil) {}
}
