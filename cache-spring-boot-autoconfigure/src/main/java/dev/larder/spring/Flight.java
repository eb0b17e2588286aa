package dev.larder.spring;

import dev.larder.store.LoadLease;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One load of one key, from its start until it lands with an outcome, which all that wait for it share.
 *
 * <p>A write to the key during the flight supersedes it: its outcome is for those that wait, but not for the store.
 *
 * <p>Thread-safe. Holds no monitor and uses no thread local, so it suits virtual threads.
 */
final class Flight implements ForkJoinPool.ManagedBlocker {

    /** Which flight a thread waits for now, over all caches, to find threads that would wait for each other. */
    private static final ConcurrentMap<Thread, Flight> waiting = new ConcurrentHashMap<>();

    private final Object key;

    /** The thread that runs the loader; null once the rest is up to a future. */
    private volatile @Nullable Thread pilot = Thread.currentThread();

    /** Held while the outcome is stored, so that a write comes either before (and supersedes it) or after. */
    private final ReentrantLock publishing = new ReentrantLock();

    private boolean superseded;

    /** Keeps other processes from loading the key. */
    private LoadLease lease = LoadLease.ALONE;

    private final CountDownLatch landed = new CountDownLatch(1);

    /** Written before {@link #landed} opens. */
    private @Nullable Outcome outcome;

    private final CompletableFuture<Outcome> arrival = new CompletableFuture<>();

    /** A flight whose loader the current thread runs. */
    Flight(Object key) {
        this.key = key;
    }

    Object key() {
        return key;
    }

    boolean isPilotedHere() {
        return pilot == Thread.currentThread();
    }

    /** The loader has given a future: from now on no thread is known to be at work. */
    void leaveToFuture() {
        pilot = null;
    }

    /** The current thread goes on with what was left to the future. */
    void pilotHere() {
        pilot = Thread.currentThread();
    }

    /** Keeps the outcome out of the store. Waits while it is just being stored. */
    void supersede() {
        publishing.lock();
        try {
            superseded = true;
            giveBackLease();
        } finally {
            publishing.unlock();
        }
    }

    boolean isSuperseded() {
        publishing.lock();
        try {
            return superseded;
        } finally {
            publishing.unlock();
        }
    }

    /** Holds a lease until the flight lands or is superseded, since then whoever comes next may load for the store. */
    void hold(LoadLease granted) {
        publishing.lock();
        try {
            lease = granted;
            if (superseded) {
                giveBackLease();
            }
        } finally {
            publishing.unlock();
        }
    }

    /** Must hold the lock. */
    private void giveBackLease() {
        LoadLease held = lease;
        lease = LoadLease.ALONE;
        held.close();
    }

    /**
     * Stores the outcome, unless the flight is superseded.
     *
     * @return what the action returned, or null if it did not run
     */
    @Nullable
    Object publish(Supplier<@Nullable Object> store) {
        publishing.lock();
        try {
            return superseded ? null : store.get();
        } finally {
            publishing.unlock();
        }
    }

    /** Gives the lease back, and wakes all that wait. Threads first, since futures run code of their owners. */
    void land(Outcome result) {
        outcome = result;
        try {
            supersede();
        } finally {
            landed.countDown();
            arrival.complete(result);
        }
    }

    /** A new future of the value, so that who cancels it cancels it for nobody else. */
    @SuppressWarnings("FutureReturnValueIgnored") // the future that is returned is the other one
    <T> CompletableFuture<T> future(ValueForm form) {
        CompletableFuture<T> future = new CompletableFuture<>();
        arrival.whenComplete((result, none) -> result.passTo(future, form));
        return future;
    }

    /**
     * Waits until the flight lands. An interrupt does not end the wait; the thread is interrupted afterwards.
     *
     * @return the outcome, or null if the flight itself waits for this thread, so that waiting would never end
     */
    @Nullable
    Outcome await() {
        Thread me = Thread.currentThread();
        waiting.put(me, this);
        try {
            return waitsFor(me) ? null : join();
        } finally {
            waiting.remove(me);
        }
    }

    /** Whether a thread has to go on for this flight to land. Of several that close a circle, the last to wait sees it. */
    boolean waitsFor(Thread thread) {
        Flight flight = this;
        while (flight != null && !flight.isReleasable()) {
            Thread other = flight.pilot;
            if (other == thread) {
                return true;
            }
            flight = other == null ? null : waiting.get(other);
        }
        return false;
    }

    /** Not by joining the future: that would run other tasks on this stack, in a fork-join pool. */
    private Outcome join() {
        boolean interrupted = false;
        while (!isReleasable()) {
            try {
                blockManaged();
            } catch (InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Objects.requireNonNull(outcome);
    }

    /** A fork-join pool puts another thread in the place of this one, if it may. */
    private void blockManaged() throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(this);
        } catch (RejectedExecutionException ex) {
            block();
        }
    }

    @Override
    public boolean block() throws InterruptedException {
        landed.await();
        return true;
    }

    @Override
    public boolean isReleasable() {
        return landed.getCount() == 0;
    }
}
