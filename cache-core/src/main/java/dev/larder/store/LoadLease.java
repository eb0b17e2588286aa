package dev.larder.store;

/**
 * The right to load the value of a key, so that of several processes that share a store one does.
 *
 * <p>Whoever holds it looks into the store again if {@link #lookAgain} says so, loads, puts, and closes it; closing it has no
 * other effect and never fails. A lease of a process that died, or that does not answer any more, goes to the next that asks.
 *
 * <p>Thread-safe; need not be closed by the thread that got it.
 */
public interface LoadLease extends AutoCloseable {

    /** Of stores that no other process loads into. */
    LoadLease ALONE = new LoadLease() {
        @Override
        public boolean lookAgain() {
            return false;
        }

        @Override
        public void close() {}
    };

    /** Whether another process may have loaded the value since the caller missed it. */
    boolean lookAgain();

    @Override
    void close();
}
