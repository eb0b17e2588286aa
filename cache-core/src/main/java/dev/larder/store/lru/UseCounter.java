package dev.larder.store.lru;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the uses of entries: the order of the numbers is the order of the uses. And counts them exactly, which gives
 * the number of hits for nothing.
 *
 * <p><b>Blocks.</b> One counter for all threads would be exact but slow: each hit would wait for the counter to come over
 * from another core. So a thread takes a block of numbers at a time, and gives up what is left of it when the others are
 * {@link #STRIPES} blocks ahead. For one thread the order is exact whatever the size of the block. A use by another thread
 * may get a number below that of an earlier use, but only while fewer than twice this distance lie between them: those that
 * were in blocks when the earlier use happened, and those that are given until the later one's block is given up. The store
 * chooses the block so that this is nothing next to the number of entries, and 1, hence the exact order, while it is small.
 *
 * <p><b>Stripes.</b> Uses are counted in stripes. One that has an owner is written by this thread alone, without an atomic
 * step: after such a step a processor waits for all memory it has asked for, where it otherwise begins with the next hit
 * while the data of this one is still on its way. A thread becomes the owner of the stripe that its id points to, if that
 * has none, or one that has ended; this is looked into only when a block must be taken anyway. All other threads count in
 * shared stripes, with an atomic step. So two threads never write one stripe without, and it does not matter how many
 * threads there are, how short they live, or whether they are virtual.
 *
 * <p>All that is racy is the border of a block in a shared stripe, where numbers may be given out twice; a stripe that was
 * set back by a thread that slept in between is noticed as one whose numbers are too old.
 *
 * <p><b>Parity.</b> Numbers of uses are even. Odd ones are between uses, for insertions: so a node tells whether it has been
 * used since it was inserted.
 *
 * <p>Thread-safe.
 */
final class UseCounter {

    /** A power of 2, twice to four times the processors, so that few threads that run at the same time want the same one. */
    static final int STRIPES =
            Math.min(64, Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 4 - 1)));

    /** The largest block that is worth it: the last number is then written at one use in 64. */
    private static final long MAX_BLOCK = 64;

    /** Those that a thread may own. */
    private final Stripe[] own = Stripe.create(STRIPES);

    private final Stripe[] shared = Stripe.create(STRIPES);

    /** Weak, since a counter must not keep threads that have ended, and all that they hold. */
    private final AtomicReferenceArray<@Nullable WeakReference<Thread>> owners = new AtomicReferenceArray<>(STRIPES);

    /** Counts the numbers that were given out. */
    private final Stripe given = Stripe.create();

    private volatile long block = 1;

    /** How far behind the last number that was given out a number may be. */
    private volatile long distance;

    /** Counts a use, and returns its number. */
    long next() {
        Thread thread = Thread.currentThread();
        long id = thread.getId();
        Stripe stripe = own[index(id)];
        if (!stripe.isOwnedBy(id)) {
            return nextShared(thread, id);
        }
        long count = stripe.increment();
        long number = stripe.number(count);
        return 2 * (isValid(number, stripe) ? number : take(stripe, count));
    }

    private long nextShared(Thread thread, long id) {
        Stripe stripe = shared[index(id)];
        long count = stripe.getAndAdd(1);
        long number = stripe.number(count);
        if (!isValid(number, stripe)) {
            claim(thread, id);
            number = take(stripe, count);
        }
        return 2 * number;
    }

    /**
     * A number between that of this thread's last use and that of its next one, without counting a use. Two calls may return the
     * same number.
     */
    long beforeNext() {
        long id = Thread.currentThread().getId();
        Stripe mine = own[index(id)];
        Stripe stripe = mine.isOwnedBy(id) ? mine : shared[index(id)];
        long number = stripe.number(stripe.count());
        return 2 * (isValid(number, stripe) ? number : given.count() + 1) - 1;
    }

    /** Whether a number is that of a use, and not one between two uses. */
    static boolean isUse(long number) {
        return (number & 1) == 0;
    }

    /** Whether the current thread counts without an atomic step. */
    boolean isOwner() {
        long id = Thread.currentThread().getId();
        return own[index(id)].isOwnedBy(id);
    }

    private int index(long id) {
        return (int) id & (own.length - 1);
    }

    /**
     * Makes a thread the owner of its stripe, unless that has one that is alive. What an owner that ended has counted is seen by
     * whoever sees that it ended; and its id is nobody else's.
     */
    private void claim(Thread thread, long id) {
        int index = index(id);
        WeakReference<Thread> reference = owners.get(index);
        Thread owner = reference == null ? null : reference.get();
        boolean free = owner == null || !owner.isAlive();
        if (free && owners.compareAndSet(index, reference, new WeakReference<>(thread))) {
            // What is left of the block is older than what this thread has used elsewhere.
            own[index].block(0, 0, 0);
            own[index].owner(id);
        }
    }

    private boolean isValid(long number, Stripe stripe) {
        return number < stripe.end() && given.count() - number <= distance;
    }

    private long take(Stripe stripe, long count) {
        long size = block;
        long first = given.getAndAdd(size) + 1;
        stripe.block(count, first, size);
        return first;
    }

    /** How many uses were counted. */
    long count() {
        long sum = 0;
        for (int i = 0; i < STRIPES; i++) {
            sum += own[i].count() + shared[i].count();
        }
        return sum;
    }

    /** Adapts the block to the number of entries: the order may be off by less than one in 256 of them. */
    void adaptTo(long entries) {
        block = Math.max(1, Math.min(MAX_BLOCK, entries / (2 * 256L * STRIPES)));
        distance = (block - 1) * STRIPES;
    }
}
