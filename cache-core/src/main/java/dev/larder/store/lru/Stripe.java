package dev.larder.store.lru;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter on cache lines of its own, and the block from which the {@link UseCounter} numbers what is counted.
 *
 * <p>Has at most one owner, which may count without an atomic step. If there is none, several threads may count with one.
 */
@SuppressWarnings("UnusedVariable") // fields are read and written through handles
abstract class Stripe extends Padding {

    private static final VarHandle COUNT;
    private static final VarHandle OFFSET;
    private static final VarHandle END;
    private static final VarHandle OWNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(Stripe.class, "count", long.class);
            OFFSET = lookup.findVarHandle(Stripe.class, "offset", long.class);
            END = lookup.findVarHandle(Stripe.class, "end", long.class);
            OWNER = lookup.findVarHandle(Stripe.class, "owner", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long count;

    /** What to add to the count to make a number. */
    private long offset;

    /** The numbers of the block are below this. */
    private long end;

    /** The id of the thread that owns the stripe, or 0, which is no thread's id. */
    private long owner;

    private Stripe() {}

    static Stripe create() {
        return new Padded();
    }

    static Stripe[] create(int stripes) {
        Stripe[] created = new Stripe[stripes];
        for (int i = 0; i < stripes; i++) {
            created[i] = create();
        }
        return created;
    }

    long count() {
        return (long) COUNT.getOpaque(this);
    }

    /** Adds 1, and returns the count before. For the owner. */
    long increment() {
        long before = count;
        COUNT.setOpaque(this, before + 1);
        return before;
    }

    /** Adds something in an atomic step, and returns the count before. */
    long getAndAdd(long more) {
        return (long) COUNT.getAndAdd(this, more);
    }

    /** The number that belongs to a count; it is in the block only if it is less than {@link #end()}. */
    long number(long atCount) {
        return atCount + (long) OFFSET.getOpaque(this);
    }

    long end() {
        return (long) END.getOpaque(this);
    }

    /** Sets the block. Its first number belongs to a count. */
    void block(long atCount, long first, long size) {
        OFFSET.setOpaque(this, first - atCount);
        END.setOpaque(this, first + size);
    }

    boolean isOwnedBy(long thread) {
        return (long) OWNER.getOpaque(this) == thread;
    }

    void owner(long thread) {
        OWNER.setOpaque(this, thread);
    }

    /** The padding behind the fields. */
    @SuppressWarnings("UnusedVariable")
    private static final class Padded extends Stripe {

        private long p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
    }
}
