package dev.larder.spring;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueRetrievalException;

/**
 * The loads of one cache: one at a time for each key, whose outcome all callers share, and which gives way to writes.
 *
 * <p>Thread-safe. Loaders run outside of any lock.
 */
final class Loads {

    private final ConcurrentMap<Object, Flight> flights = new ConcurrentHashMap<>();

    private final LongAdder successes = new LongAdder();

    private final LongAdder failed = new LongAdder();

    private final LongAdder nanos = new LongAdder();

    private final String cache;

    private final FailOpenStore store;

    private final Lifetime lifetime;

    private final ValueForm form;

    private final Turns turns;

    private final Failures failures;

    Loads(String cache, FailOpenStore store, Lifetime lifetime, ValueForm form, Turns turns, Failures failures) {
        this.cache = cache;
        this.store = store;
        this.lifetime = lifetime;
        this.form = form;
        this.turns = turns;
        this.failures = failures;
    }

    long successes() {
        return successes.sum();
    }

    long failed() {
        return failed.sum();
    }

    long nanos() {
        return nanos.sum();
    }

    long waits() {
        return turns.waits();
    }

    /** Keeps a load of the key that is under way from being stored, and from being joined. Call before each write. */
    void supersede(Object key) {
        try {
            Flight flight = flights.get(key);
            if (flight != null) {
                flight.supersede();
                flights.remove(key, flight);
            }
        } catch (RuntimeException ex) {
            failures.report("compare keys", ex);
        }
    }

    void supersedeAll() {
        for (Flight flight : flights.values()) {
            flight.supersede();
            leave(flight);
        }
    }

    /** Loads a value, or waits for the load that is under way. */
    @Nullable
    Object get(Object key, Callable<?> loader) {
        Flight mine = new Flight(key);
        Flight other = board(mine);
        if (other == null) {
            return fly(mine, loader);
        }
        if (other.isPilotedHere()) {
            throw new ValueRetrievalException(key, loader, recursion(key));
        }
        Outcome outcome = other.await();
        if (outcome == null) {
            return fly(apart(mine), loader);
        }
        if (outcome.failure() != null) {
            throw new ValueRetrievalException(key, loader, outcome.failure());
        }
        return outcome.value(form);
    }

    /** Loads a value, or passes on the load that is under way. Does not wait. */
    <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        Flight mine = new Flight(key);
        Flight other = board(mine);
        if (other != null && other.isPilotedHere()) {
            return CompletableFuture.failedFuture(recursion(key));
        }
        if (other != null && !other.waitsFor(Thread.currentThread())) {
            return other.future(form);
        }
        takeOff(other == null ? mine : apart(mine), loader);
        return mine.future(form);
    }

    /** Registers a flight, unless there is one of the same key, which is returned. */
    private @Nullable Flight board(Flight mine) {
        try {
            return flights.putIfAbsent(mine.key(), mine);
        } catch (RuntimeException ex) {
            failures.report("compare keys", ex);
            apart(mine);
            return null;
        }
    }

    /** A flight that nobody can join or supersede, and that is therefore never stored. */
    private static Flight apart(Flight flight) {
        flight.supersede();
        return flight;
    }

    private @Nullable Object fly(Flight flight, Callable<?> loader) {
        long start = System.nanoTime();
        Entry<Object> present;
        Object value;
        try {
            present = turns.await(flight);
            start = System.nanoTime();
            value = present == null ? form.storedOrNull(loader.call()) : present.value();
        } catch (Throwable ex) {
            fail(flight, start, ex);
            if (ex instanceof Error error) {
                throw error;
            }
            throw new ValueRetrievalException(flight.key(), loader, ex);
        }
        Outcome outcome = present == null ? succeed(flight, start, value) : land(flight, Outcome.success(value));
        return outcome.value(form);
    }

    private <T> void takeOff(Flight flight, Supplier<CompletableFuture<T>> loader) {
        long start = System.nanoTime();
        try {
            turns.whenCome(flight, present -> lift(flight, loader, present), ex -> fail(flight, start, ex));
        } catch (Throwable ex) {
            fail(flight, start, ex);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whatever the loading ends with is handled
    private <T> void lift(Flight flight, Supplier<CompletableFuture<T>> loader, @Nullable Entry<Object> present) {
        if (present != null) {
            land(flight, Outcome.success(present.value()));
            return;
        }
        long start = System.nanoTime();
        CompletableFuture<T> loading;
        try {
            loading = requireFuture(loader.get());
        } catch (Throwable ex) {
            fail(flight, start, ex);
            return;
        }
        flight.leaveToFuture();
        loading.whenComplete((value, ex) -> {
            if (ex == null) {
                succeedLater(flight, start, value);
            } else {
                fail(flight, start, ex instanceof CompletionException && ex.getCause() != null ? ex.getCause() : ex);
            }
        });
    }

    /** A value that is a stream may break off. */
    private void succeedLater(Flight flight, long start, @Nullable Object value) {
        Object stored;
        try {
            stored = form.storedOrNull(value);
        } catch (RuntimeException ex) {
            fail(flight, start, ex);
            return;
        }
        succeed(flight, start, stored);
    }

    /** The outcome as all callers see it. */
    private Outcome succeed(Flight flight, long start, Object value) {
        nanos.add(System.nanoTime() - start);
        successes.increment();
        Outcome outcome = Outcome.success(value);
        try {
            Object readBack = flight.publish(() -> store(flight.key(), value));
            if (readBack != null) {
                outcome = Outcome.success(readBack);
                form.release(value);
            }
        } finally {
            land(flight, outcome);
        }
        return outcome;
    }

    /**
     * Only if absent: what a write put there, after the flight began but before its place in the order of writes was
     * known, is newer.
     *
     * @return what the store made of the value, if callers are to get that
     */
    private @Nullable Object store(Object key, Object value) {
        Object present = store.putIfAbsent(key, lifetime.entry(value));
        if (present != null || !form.isReadBack()) {
            return null;
        }
        Entry<Object> stored = store.entry(key);
        return stored == null ? null : stored.value();
    }

    private void fail(Flight flight, long start, Throwable failure) {
        nanos.add(System.nanoTime() - start);
        failed.increment();
        land(flight, Outcome.failure(failure));
    }

    /** Leaves before landing, so that nobody joins a flight that is over. */
    private Outcome land(Flight flight, Outcome outcome) {
        try {
            leave(flight);
        } finally {
            flight.land(outcome);
        }
        return outcome;
    }

    private void leave(Flight flight) {
        try {
            flights.remove(flight.key(), flight);
        } catch (RuntimeException ex) {
            failures.report("compare keys", ex);
        }
    }

    private IllegalStateException recursion(Object key) {
        return new IllegalStateException(
                "The loader of key '%s' in cache '%s' asks for the very value that it is to load"
                        .formatted(key, cache));
    }

    private <T> CompletableFuture<T> requireFuture(@Nullable CompletableFuture<T> future) {
        if (future == null) {
            throw new IllegalStateException(
                    "The supplier of a value for cache '%s' gave null where a future is required".formatted(cache));
        }
        return future;
    }
}
