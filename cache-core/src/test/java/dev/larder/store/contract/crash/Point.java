package dev.larder.store.contract.crash;

import dev.larder.store.contract.faults.Call;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A point at which to stop a process, and to kill it.
 *
 * @param name for the report
 * @param where which calls of its file system
 * @param during what a thread may be doing there
 * @param span up to how many of such calls to let pass before
 */
public record Point(String name, Predicate<Call> where, Set<Doing> during, int span) {

    /** What a thread is doing. */
    public enum Doing {
        OPENING,
        WORKING,
        CLEARING,
        CLOSING,
        /** A thread that the store started. */
        BACKGROUND;

        private static final ThreadLocal<Doing> CURRENT = ThreadLocal.withInitial(() -> BACKGROUND);

        /** To be called by threads of the lab. */
        static void set(Doing doing) {
            CURRENT.set(doing);
        }
    }

    /** How to stop. */
    enum Manner {
        BEFORE,
        AFTER,
        /** After a write wrote only a part. */
        TORN
    }

    /** Any thread. */
    public static Point of(String name, Predicate<Call> where, int span) {
        return new Point(name, where, Set.of(Doing.values()), span);
    }

    boolean isMet(Call call) {
        return during.contains(Doing.CURRENT.get()) && where.test(call);
    }
}
