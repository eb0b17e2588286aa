package dev.larder.store.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A hash table of its own for one part of an {@link Index}: 16 bytes a slot, found without a lock.
 *
 * <pre>
 *   even word:  | order 32 | expiry 32 |     expiry: seconds since the epoch, rounded up
 *   odd word:   | {@link Place} with the hash's last 8 bits |     0: the slot is empty
 * </pre>
 *
 * <p>Open addressing in Robin Hood order (Celis, 1986): an entry stays nearer to its home than any that it passed on its
 * way, so that a search for what is absent ends early in a table that is 85 % full. Removal moves the followers back
 * instead of leaving a grave.
 *
 * <p>Thread-safe by a sequence lock: writers exclude each other and make {@link #sequence} odd while they work; a reader
 * reads, and reads again if the number was odd or has changed. Nothing is done in here but moving words, so nobody waits
 * long.
 */
final class Partition {

    /** The bits of a hash that tell entries apart: the number of the partition, the order in it, and 8 more. */
    static final int HASH_BITS = Index.PARTITION_BITS + 32 + 8;

    /** The seconds that never come. */
    static final long FOREVER = 0xFFFF_FFFFL;

    private static final long LOW_INT = 0xFFFF_FFFFL;

    private static final int REST = 0xFF;

    private static final int FIRST_SLOTS = 4;

    /**
     * Slots may be so full. Fuller, and searches get long: 85 % mean 4 steps for a hit. Emptier, and an entry needs more
     * than 24 bytes when the table has just grown.
     */
    private static final double MAX_LOAD = 0.85;

    /** A table grows by a fifth: after it, 71 % are in use, or 22.6 bytes for an entry. Less would copy too often. */
    private static final int GROWTH_DIVISOR = 5;

    /** A table that is emptier is halved, which leaves it emptier than one that has just grown: they never alternate. */
    private static final double MIN_LOAD = 0.25;

    /** Then the reader takes the lock, so that it gets its turn among writers that never end. */
    private static final int OPTIMISTIC_TRIES = 64;

    private static final int SPINS = 100;

    /** Enough to leave the processor. */
    private static final long PARK_NANOS = 1000;

    private static final long[] NO_SLOTS = new long[0];

    private static final VarHandle SEQUENCE;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Partition.class, "sequence", int.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private volatile int sequence;

    private long[] slots = NO_SLOTS;

    /**
     * That of {@link #slots}. A search that asked the array for it could not ask for the slot before the array's first line of
     * cache has come, which takes as long as the slot itself.
     */
    private int words;

    /** Slots in use, those of markers included. */
    private int used;

    private int markers;

    /** The place of an entry that is not over at this time, in seconds since the epoch; markers are never found. */
    long find(long hash, long nowSeconds) {
        for (int tries = 0; tries < OPTIMISTIC_TRIES; tries++) {
            int seen = (int) SEQUENCE.getAcquire(this);
            long[] table = slots;
            int inTable = words;
            if ((seen & 1) == 0 && isStill(seen)) {
                long found = search(table, inTable, hash, nowSeconds);
                if (isStill(seen)) {
                    return found;
                }
            }
            Thread.onSpinWait();
        }
        lock();
        try {
            return search(slots, words, hash, nowSeconds);
        } finally {
            unlock();
        }
    }

    /** Whether what was read since the sequence was read belongs together. */
    private boolean isStill(int seen) {
        VarHandle.acquireFence();
        return seen == (int) SEQUENCE.getOpaque(this);
    }

    private static long search(long[] slots, int length, long hash, long nowSeconds) {
        int at = locate(slots, length, hash);
        if (at < 0 || (slots[at] & LOW_INT) <= nowSeconds || Place.isMarker(slots[at + 1])) {
            return Place.ABSENT;
        }
        return slots[at + 1];
    }

    /** The expiry of an entry, in seconds since the epoch; 0 if there is none. */
    long expiry(long hash) {
        lock();
        try {
            int at = locate(slots, words, hash);
            return at < 0 || Place.isMarker(slots[at + 1]) ? 0 : slots[at] & LOW_INT;
        } finally {
            unlock();
        }
    }

    /** Puts an entry or a marker, and returns the place of what it replaced; {@link Place#ABSENT} for a marker. */
    long put(long hash, long place, long expiry) {
        lock();
        try {
            int at = locate(slots, words, hash);
            if (at < 0) {
                add(head(hash, expiry), place | rest(hash));
                return Place.ABSENT;
            }
            long before = slots[at + 1];
            count(before, -1);
            slots[at] = head(hash, expiry);
            slots[at + 1] = place | rest(hash);
            count(place, 1);
            return Place.isMarker(before) ? Place.ABSENT : before;
        } finally {
            unlock();
        }
    }

    /** Puts an entry or a marker, if there is neither yet. Takes no lock: only as long as nobody else has the partition. */
    boolean putIfUnknown(long hash, long place, long expiry) {
        if (locate(slots, words, hash) >= 0) {
            return false;
        }
        add(head(hash, expiry), place | rest(hash));
        return true;
    }

    /** Changes the place of an entry and its uses, if it is where it is expected. */
    boolean move(long hash, long expected, long place) {
        lock();
        try {
            int at = locate(slots, words, hash);
            if (at < 0 || !Place.isSame(slots[at + 1], expected)) {
                return false;
            }
            slots[at + 1] = Place.withUses(Place.moved(slots[at + 1], place), Place.uses(place));
            return true;
        } finally {
            unlock();
        }
    }

    /** Counts a use of an entry, if it is where it is expected and nobody is in the way: better lost than waited for. */
    void use(long hash, long expected) {
        if (!tryLock()) {
            return;
        }
        try {
            int at = locate(slots, words, hash);
            if (at >= 0 && Place.isSame(slots[at + 1], expected)) {
                int uses = Math.min(Place.uses(slots[at + 1]) + 1, Place.MAX_USES);
                slots[at + 1] = Place.withUses(slots[at + 1], uses);
            }
        } finally {
            unlock();
        }
    }

    /** Takes out an entry, if it is where it is expected. */
    boolean removeIf(long hash, long expected) {
        lock();
        try {
            int at = locate(slots, words, hash);
            if (at < 0 || !Place.isSame(slots[at + 1], expected)) {
                return false;
            }
            take(at);
            return true;
        } finally {
            unlock();
        }
    }

    /** Takes out an entry or a marker, and returns the place of the entry. */
    long remove(long hash) {
        lock();
        try {
            int at = locate(slots, words, hash);
            if (at < 0) {
                return Place.ABSENT;
            }
            long before = slots[at + 1];
            take(at);
            return Place.isMarker(before) ? Place.ABSENT : before;
        } finally {
            unlock();
        }
    }

    /** Makes room for so many entries in all, so that nothing is copied while they come. */
    void reserve(int entries) {
        int length = Math.max(FIRST_SLOTS, (int) Math.ceil(entries / MAX_LOAD));
        lock();
        try {
            if (length > slots.length / 2) {
                resize(length);
            }
        } finally {
            unlock();
        }
    }

    void clear() {
        lock();
        try {
            setSlots(NO_SLOTS);
            used = 0;
            markers = 0;
        } finally {
            unlock();
        }
    }

    /**
     * Shows each entry or marker that is here now. What is done to the partition meanwhile is not shown.
     *
     * @param number of this partition, the part of each hash that it does not know
     */
    void forEach(int number, Visitor visitor) {
        long[] copy;
        lock();
        try {
            copy = slots.clone();
        } finally {
            unlock();
        }
        for (int at = 0; at < copy.length; at += 2) {
            if (copy[at + 1] != Place.ABSENT) {
                long order = copy[at] >>> 32;
                long rest = copy[at + 1] & REST;
                visitor.visit(
                        (rest << (Index.PARTITION_BITS + 32)) | (order << Index.PARTITION_BITS) | number,
                        copy[at + 1],
                        copy[at] & LOW_INT);
            }
        }
    }

    /** Gets each entry or marker of a partition. */
    @FunctionalInterface
    interface Visitor {
        void visit(long hash, long place, long expiry);
    }

    /** The number of entries, without markers. Read without the lock: right when nobody writes. */
    int size() {
        return used - markers;
    }

    /** Whether there is a marker. Like {@link #size}. */
    boolean hasMarkers() {
        return markers > 0;
    }

    long heapBytes() {
        lock();
        try {
            return slots.length == 0 ? 0 : 16L + slots.length * (long) Long.BYTES;
        } finally {
            unlock();
        }
    }

    private void lock() {
        for (int tries = 0; !tryLock(); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PARK_NANOS); // the one inside may be waiting for this processor
            }
        }
    }

    private boolean tryLock() {
        int seen = sequence;
        if ((seen & 1) != 0 || !SEQUENCE.compareAndSet(this, seen, seen + 1)) {
            return false;
        }
        VarHandle.releaseFence(); // nothing that is written inside is seen before the odd number
        return true;
    }

    private void unlock() {
        SEQUENCE.setRelease(this, sequence + 1);
    }

    private void add(long head, long place) {
        int length = slots.length / 2;
        if (used + 1 > length * MAX_LOAD) {
            resize(Math.max(FIRST_SLOTS, length + Math.max(2, length / GROWTH_DIVISOR)));
        }
        insert(slots, head, place);
        used++;
        count(place, 1);
    }

    private void take(int at) {
        count(slots[at + 1], -1);
        close(slots, at);
        used--;
        int length = slots.length / 2;
        if (length > FIRST_SLOTS && used < length * MIN_LOAD) {
            resize(length / 2);
        }
    }

    /** Counts the markers. */
    private void count(long place, int change) {
        if (Place.isMarker(place)) {
            markers += change;
        }
    }

    private void resize(int length) {
        long[] resized = new long[length * 2];
        for (int at = 0; at < slots.length; at += 2) {
            if (slots[at + 1] != Place.ABSENT) {
                insert(resized, slots[at], slots[at + 1]);
            }
        }
        setSlots(resized);
    }

    private void setSlots(long[] table) {
        slots = table;
        words = table.length;
    }

    /**
     * The index of the even word of an entry or marker; negative if there is none. Also safe on slots that somebody
     * changes: it then returns anything, but ends.
     */
    private static int locate(long[] slots, int length, long hash) {
        if (length == 0) {
            return -1;
        }
        long order = order(hash);
        long rest = rest(hash);
        int at = home(order, length);
        for (int distance = 0; slots[at + 1] != Place.ABSENT; distance += 2) {
            long other = slots[at] >>> 32;
            if (other == order && (slots[at + 1] & REST) == rest) {
                return at;
            }
            if (distance(other, at, length) < distance) {
                return -1;
            }
            at = next(at, length);
        }
        return -1;
    }

    /** Puts an entry into a slot, and whoever is nearer to home than the one that comes by moves on. */
    private static void insert(long[] slots, long head, long place) {
        long carriedHead = head;
        long carriedPlace = place;
        int at = home(head >>> 32, slots.length);
        int distance = 0;
        while (slots[at + 1] != Place.ABSENT) {
            int other = distance(slots[at] >>> 32, at, slots.length);
            if (other < distance) {
                long otherHead = slots[at];
                long otherPlace = slots[at + 1];
                slots[at] = carriedHead;
                slots[at + 1] = carriedPlace;
                carriedHead = otherHead;
                carriedPlace = otherPlace;
                distance = other;
            }
            at = next(at, slots.length);
            distance += 2;
        }
        slots[at] = carriedHead;
        slots[at + 1] = carriedPlace;
    }

    /** Fills a slot with its follower, and so on, until one is at home. */
    private static void close(long[] slots, int gap) {
        int at = gap;
        int next = next(at, slots.length);
        while (slots[next + 1] != Place.ABSENT && distance(slots[next] >>> 32, next, slots.length) > 0) {
            slots[at] = slots[next];
            slots[at + 1] = slots[next + 1];
            at = next;
            next = next(at, slots.length);
        }
        slots[at] = 0;
        slots[at + 1] = Place.ABSENT;
    }

    private static long order(long hash) {
        return (hash >>> Index.PARTITION_BITS) & LOW_INT;
    }

    private static long rest(long hash) {
        return (hash >>> (Index.PARTITION_BITS + 32)) & REST;
    }

    private static long head(long hash, long expiry) {
        return (order(hash) << 32) | expiry;
    }

    /** Where an entry would like to be: the order scaled to the number of slots, which need not be a power of two. */
    private static int home(long order, int length) {
        return (int) ((order * (length >>> 1)) >>> 32) << 1;
    }

    /** How far an entry is from home, in words. */
    private static int distance(long order, int at, int length) {
        int distance = at - home(order, length);
        return distance < 0 ? distance + length : distance;
    }

    private static int next(int at, int length) {
        int next = at + 2;
        return next == length ? 0 : next;
    }
}
