package dev.larder.store.disk;

import dev.larder.store.Failures;
import dev.larder.store.disk.Tree.Candidate;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store within its bounds by removing what was used least recently.
 *
 * <p><b>Order.</b> A store of up to {@value #EXACT} entries is listed whole, sorted by last use, and that list is worked off;
 * what was used meanwhile is passed over. That is the exact order for uses by this process (see {@link Recency} for those by
 * others). Of a larger store some leaves are listed, {@value #SAMPLE} entries or more, and the oldest quarter of them goes; the
 * next leaves are next. Entries are in leaves by their hash, so a leaf is a random sample, as in the approximated LRU of
 * Redis, with its pool of good candidates.
 *
 * <p><b>Cost.</b> Listing costs a stat for each entry, so an eviction costs four on average, at any size of the store, and one
 * put in some hundreds takes a few milliseconds longer. The memory is that of one list.
 *
 * <p><b>Bound.</b> Whoever writes tells the {@link Ledger} first and then makes room, before the entry can be seen. So the
 * ledger's total, which is never less than what is there, is within the bound when the entry appears; what other processes wrote
 * since they were last looked at comes on top ({@link Ledger#look}), and the background takes it away again. After a
 * bound was lowered each put removes {@value #CATCH_UP} entries more than it brings, and the background the rest.
 *
 * <p>Thread-safe. One thread evicts at a time, and others that need room wait for it.
 */
final class Evictor {

    /** Not smaller: up to here people count, and expect the oldest to go. Not larger: listing so many takes some 10 ms. */
    static final int EXACT = 4096;

    /** Not smaller: a quarter of fewer is a chance rather than an order. Not larger: the put that lists them waits. */
    static final int SAMPLE = 1024;

    /** Not fewer: a store shrinks while it is used. Not more: removing a file takes some 10 microseconds. */
    static final int CATCH_UP = 64;

    /** The part of a bound by which a store may be over it for a while. Not less: entries that are being used stay. */
    private static final int TOLERANCE = 16;

    /** How often as long as a listing that found nothing no other is made. Not less: each put would make one. */
    private static final long REST = 10;

    private static final long NOTHING_THERE = -1;

    private static final long NOTHING_REMOVED = -2;

    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Ranked> oldest = new ArrayDeque<>();

    private final Tree tree;

    private final Ledger ledger;

    private final Recency recency;

    private final long maxEntries;

    private final long maxBytes;

    private final Failures failures;

    /** Random, so that processes do not meet. */
    private int nextLeaf;

    private long restsSince;

    private long restNanos;

    /** Whether a directory could not be listed last time, and so may have entries. */
    private boolean isBlind;

    private volatile boolean astray;

    /**
     * An evictor.
     *
     * @param maxEntries {@link Long#MAX_VALUE} for any number
     * @param maxBytes {@link Long#MAX_VALUE} for any number
     */
    Evictor(Tree tree, Ledger ledger, Recency recency, long maxEntries, long maxBytes, Failures failures) {
        this.tree = tree;
        this.ledger = ledger;
        this.recency = recency;
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.failures = failures;
        this.nextLeaf = ThreadLocalRandom.current().nextInt(tree.leaves());
    }

    /** Whether an entry of this length could be kept if it were the only one. */
    boolean fits(long bytes) {
        return bytes <= maxBytes;
    }

    /**
     * Removes entries until what the ledger says is within the bounds. To be called after {@link Ledger#add} and before the
     * entry appears, by a thread that may hold the lock of its key.
     *
     * @param id the entry that is being written; it is not removed
     * @param entries how many more there will be
     * @param bytes how many more there will be
     * @return false if the others are in use, or cannot be listed or deleted; true also if there is nothing to delete, whatever the
     *     ledger says
     */
    boolean makeRoom(String id, long entries, long bytes) {
        ledger.look();
        return !isOver() || evict(id, Math.max(0, entries) + CATCH_UP, Math.max(0, bytes), null);
    }

    /** Goes on with what is over the bounds, because other processes wrote too or the bounds were lowered. */
    void trim(Pace pace) {
        if (isOver()) {
            boolean unused = evict(null, pace.left(), 0, pace);
        }
    }

    /** Whether the ledger told of more than was found, since this was asked last. */
    boolean wasAstray() {
        boolean was = astray;
        astray = false;
        return was;
    }

    /** Whether removing has failed for so long that others must not be added. */
    boolean isFarOver() {
        return ledger.entries() - CATCH_UP - maxEntries / TOLERANCE > maxEntries
                || ledger.bytes() - maxBytes / TOLERANCE > maxBytes;
    }

    private boolean isOver() {
        return ledger.entries() > maxEntries || ledger.bytes() > maxBytes;
    }

    private boolean evict(@Nullable String spared, long entries, long bytes, @Nullable Pace pace) {
        lock.lock();
        try {
            ledger.look();
            long entriesLeft = entries;
            long bytesLeft = bytes;
            while (isOver() && (entriesLeft > 0 || bytesLeft > 0) && (pace == null || pace.go())) {
                long freed = evictOldest(spared);
                if (freed < 0) {
                    astray |= freed == NOTHING_THERE;
                    return freed == NOTHING_THERE;
                }
                entriesLeft--;
                bytesLeft -= freed;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long it was, {@link #NOTHING_THERE} or {@link #NOTHING_REMOVED}. */
    private long evictOldest(@Nullable String spared) {
        int leavesLeft = tree.leaves();
        boolean found = false;
        while (true) {
            Ranked next = oldest.poll();
            if (next == null) {
                int listed = leavesLeft > 0 && isRested() ? list(leavesLeft) : 0;
                if (listed == 0) {
                    return found || isBlind ? NOTHING_REMOVED : NOTHING_THERE;
                }
                leavesLeft -= listed;
            } else if (!next.candidate.id().equals(spared)) {
                found = true;
                long freed = evict(next);
                if (freed >= 0) {
                    return freed;
                }
            }
        }
    }

    private long evict(Ranked next) {
        Candidate candidate = next.candidate;
        if (recency.lastUse(candidate.id(), candidate.lastUse()) > next.lastUse) {
            return NOTHING_REMOVED;
        }
        long latest = Math.max(candidate.lastUse(), next.lastUse);
        long freed = tree.evict(new Candidate(candidate.id(), candidate.bytes(), latest));
        if (freed >= 0) {
            recency.forget(candidate.id());
            ledger.add(-1, -freed);
        }
        return freed;
    }

    /** Fills the list of the oldest, and returns how many leaves that took. */
    private int list(int most) {
        long start = System.nanoTime();
        isBlind &= most < tree.leaves();
        int enough = ledger.entries() <= EXACT ? 2 * EXACT : SAMPLE;
        List<Ranked> found = new ArrayList<>();
        int listed = 0;
        while (listed < most && found.size() < enough) {
            int leaf = next();
            int passed = leaf - nextLeaf + 1;
            if (listed + passed > most) {
                listed = most;
            } else if (leaf < tree.leaves()) {
                list(leaf, found);
                listed += passed;
                nextLeaf = (leaf + 1) % tree.leaves();
            } else {
                listed += passed - 1;
                nextLeaf = 0;
            }
        }
        found.sort(Comparator.comparingLong((Ranked each) -> each.lastUse).thenComparing(each -> each.candidate.id()));
        boolean all = listed == tree.leaves();
        oldest.addAll(all ? found : found.subList(0, (found.size() + 3) / 4));
        if (found.isEmpty() && !isBlind) {
            long now = System.nanoTime();
            restsSince = now;
            restNanos = REST * (now - start);
        }
        return listed;
    }

    private int next() {
        try {
            return tree.next(nextLeaf);
        } catch (IOException ex) {
            isBlind = true;
            failures.report("read", ex);
            return nextLeaf;
        }
    }

    private void list(int leaf, List<Ranked> to) {
        try {
            tree.list(
                    leaf,
                    candidate -> to.add(new Ranked(candidate, recency.lastUse(candidate.id(), candidate.lastUse()))));
        } catch (IOException ex) {
            isBlind = true;
            failures.report("read", ex);
        }
    }

    private boolean isRested() {
        return System.nanoTime() - restsSince >= restNanos;
    }

    private record Ranked(Candidate candidate, long lastUse) {}
}
