package dev.larder.store.contract.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was done to one key and what was found under it, each with the time between its start and its end, and whether a
 * store that may forget values can have done so: each step takes effect at one instant within its time, and what is found
 * is what the last put before left.
 *
 * <p>No two puts put the same version. So it is enough to look at each version with all who saw it: from the first end
 * among them to the last start the version must have been there. If it was, then there was nothing else, and nobody
 * removed it. If the first end comes after the last start, all of it can have been at any one instant between them. That
 * is enough, and that it must hold is evident: Gibbons and Korach, "Testing shared memories", SIAM Journal on Computing
 * 26 (1997), theorem 4.2.
 *
 * <p>Misses tell nothing: a store may forget, and may find again what it did not find while it was recovering. Whoever
 * wants that a miss counts as a removal says so.
 *
 * <p>Not thread-safe.
 */
final class KeyHistory {

    private static final long NEVER = Long.MAX_VALUE;

    private final int key;

    private final Map<Long, Version> versions = new HashMap<>();

    private final List<Zone> removals = new ArrayList<>();

    /** When the last put began that returned and that nothing can undo but a removal, or power that is lost. */
    private long lastPutFrom;

    /** The same of puts that power that is lost cannot undo. */
    private long durablePutFrom;

    private long lastRemovalUntil;

    KeyHistory(int key) {
        this.key = key;
    }

    /** Something that was the case from one time to another, or at one instant between the two. */
    private record Zone(String what, long low, long high) {}

    private static final String CLEARED = "all was cleared";

    /** A version with all who saw it. */
    private static final class Version {

        private final long number;

        private final long putFrom;

        /** When its put had returned; never, if the process died before. */
        private long putUntil = NEVER;

        private long firstEnd = NEVER;

        private long lastStart;

        /** When it was known to be popped. */
        private long poppedAt = NEVER;

        private boolean isSeen;

        /** Whether power was lost since it was put: if it is found now, then it was on disk, and will stay there. */
        private boolean isSurvivor;

        Version(long number, long putFrom) {
            this.number = number;
            this.putFrom = putFrom;
            this.lastStart = putFrom;
        }

        /** A put that did not return, and whose value nobody saw, may have done nothing. */
        boolean isCertain() {
            return isSeen || putUntil != NEVER;
        }

        /** Whether a loss of power cannot undo it. */
        boolean isDurable(long until) {
            return putUntil <= until || (isSurvivor && isSeen);
        }

        boolean isLasting() {
            return firstEnd < lastStart;
        }

        Zone zone() {
            return isLasting()
                    ? new Zone("version %d was there".formatted(number), firstEnd, lastStart)
                    : new Zone("version %d was put".formatted(number), lastStart, firstEnd);
        }
    }

    /** A put has begun: from now on its value may be found. */
    void beginPut(long version, long from) {
        versions.put(version, new Version(version, from));
    }

    /** It has returned, and its value was put. */
    void put(long version, long until) {
        Version put = known(version);
        put.putUntil = until;
        put.firstEnd = Math.min(put.firstEnd, until);
        lastPutFrom = Math.max(lastPutFrom, put.putFrom);
    }

    /** It has returned, and its value was not put: it found another. */
    void putNothing(long version) {
        if (known(version).isSeen) {
            throw violation("version %d was found, though its put returned that it found another".formatted(version));
        }
        versions.remove(version);
    }

    /** There was nothing at an instant of this time. */
    void removed(String how, long from, long until) {
        removals.add(new Zone(how, from, until));
        lastRemovalUntil = Math.max(lastRemovalUntil, until);
    }

    /** All was cleared at an instant of this time, which holds even if power is lost. */
    void cleared(long from, long until) {
        removed(CLEARED, from, until);
    }

    /** A version was found. */
    void saw(long number, long from, long until) {
        Version version = known(number);
        if (from > version.poppedAt) {
            throw violation("version %d was found after it was popped".formatted(number));
        }
        if (until < version.putFrom) {
            throw violation("version %d was found before it was put".formatted(number));
        }
        version.isSeen = true;
        version.firstEnd = Math.min(version.firstEnd, until);
        version.lastStart = Math.max(version.lastStart, from);
    }

    /** A version was found and taken. */
    void popped(long number, long from, long until) {
        Version version = known(number);
        if (version.poppedAt != NEVER) {
            throw violation("version %d was popped twice".formatted(number));
        }
        saw(number, from, until);
        version.poppedAt = until;
    }

    private Version known(long number) {
        Version version = versions.get(number);
        if (version == null) {
            throw violation("version %d was found, which was removed, replaced or cleared long ago, or never put"
                    .formatted(number));
        }
        return version;
    }

    /**
     * Looks at all that is known.
     *
     * @throws Violation if it cannot be
     */
    void check() {
        TreeMap<Long, Zone> lasting = new TreeMap<>();
        for (Version version : versions.values()) {
            if (version.isCertain() && version.isLasting()) {
                Zone zone = version.zone();
                Map.Entry<Long, Zone> before = lasting.lowerEntry(zone.high());
                if (before != null && zone.low() < before.getValue().high()) {
                    throw contradiction(before.getValue(), zone);
                }
                lasting.put(zone.low(), zone);
            }
        }
        for (Version version : versions.values()) {
            if (version.isCertain() && !version.isLasting()) {
                checkInstant(version.zone(), lasting);
            }
        }
        removals.forEach(removal -> checkInstant(removal, lasting));
    }

    private void checkInstant(Zone instant, TreeMap<Long, Zone> lasting) {
        Map.Entry<Long, Zone> around = lasting.lowerEntry(instant.low());
        if (around != null && instant.high() < around.getValue().high()) {
            throw contradiction(around.getValue(), instant);
        }
    }

    /** Whether there must be something, unless somebody is about to remove it, or the store has forgotten it. */
    boolean isRequired() {
        return lastPutFrom > lastRemovalUntil;
    }

    /** What was put so far may be missing: the disk has failed. */
    void excuseMisses() {
        lastPutFrom = 0;
        durablePutFrom = 0;
    }

    /** Whether a removal has ended since. */
    boolean isRemovedSince(long time) {
        return lastRemovalUntil > time;
    }

    /**
     * The process died: what it began took effect by now, or never will.
     *
     * @param removing whether a removal was going on
     */
    void crash(long now, boolean removing) {
        lastRemovalUntil = removing ? now : lastRemovalUntil;
        versions.values().forEach(version -> version.firstEnd = Math.min(version.firstEnd, now));
    }

    /** Forgets what cannot matter any more: versions that may never be found again. Checks must have passed. */
    void compact() {
        durablePutFrom = lastPutFrom;
        retain(NEVER, NEVER);
    }

    /**
     * Power was lost: what was done until some time holds; what was done later may have happened or not, apart from clears
     * that had returned when power went off: they hold. To be called
     * after {@link #crash}.
     */
    void losePower(long durable, long cut, long now) {
        lastPutFrom = versions.values().stream()
                .filter(version -> version.isDurable(durable))
                .mapToLong(version -> version.putFrom)
                .reduce(durablePutFrom, Math::max);
        durablePutFrom = lastPutFrom;
        retain(durable, cut);
        Map<Long, Version> kept = new HashMap<>();
        for (Version version : versions.values()) {
            Version survivor = new Version(version.number, version.putFrom);
            survivor.firstEnd = now;
            survivor.isSurvivor = true;
            kept.put(version.number, survivor);
        }
        versions.clear();
        versions.putAll(kept);
    }

    private void retain(long durable, long cut) {
        long lastChange = 0;
        long secondChange = 0;
        long lastVersion = 0;
        for (Version version : versions.values()) {
            if (version.isCertain() && version.isDurable(durable)) {
                Zone zone = version.zone();
                long change = version.isLasting() ? zone.high() : zone.low();
                if (change > lastChange) {
                    secondChange = lastChange;
                    lastChange = change;
                    lastVersion = version.number;
                } else {
                    secondChange = Math.max(secondChange, change);
                }
            }
        }
        long removal = removals.stream()
                .filter(zone -> zone.high() <= (zone.what().equals(CLEARED) ? cut : durable))
                .mapToLong(Zone::low)
                .max()
                .orElse(0);
        long last = Math.max(removal, lastChange);
        long lastOfOthers = Math.max(removal, secondChange);
        long number = lastVersion;
        versions.values()
                .removeIf(version -> version.poppedAt <= durable && version.poppedAt != NEVER
                        || version.firstEnd < (version.number == number ? lastOfOthers : last));
        removals.clear();
    }

    /** The versions that may still be found. */
    Collection<Long> possible() {
        return versions.keySet();
    }

    private Violation violation(String what) {
        return new Violation("Key %d: %s".formatted(key, what));
    }

    private Violation contradiction(Zone lasting, Zone other) {
        return violation("%s from %d to %d, but %s between %d and %d"
                .formatted(lasting.what(), lasting.low(), lasting.high(), other.what(), other.low(), other.high()));
    }

    /** For messages. */
    String describe() {
        StringBuilder text = new StringBuilder();
        versions.values().stream()
                .sorted(Comparator.comparingLong(version -> version.putFrom))
                .forEach(version -> text.append("%n  version %d put from %d to %s, seen: %s, %s"
                        .formatted(
                                version.number,
                                version.putFrom,
                                version.putUntil == NEVER ? "-" : version.putUntil,
                                version.isSeen,
                                version.zone())));
        removals.forEach(removal -> text.append("%n  %s".formatted(removal)));
        return text.toString();
    }
}
