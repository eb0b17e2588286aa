package dev.larder.spring;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.log.LogStats;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A Spring {@link Cache} on a {@link Store}: what is the same for every kind of store is here, once.
 *
 * <p><b>Nullness.</b> Values may be null. Keys may not: a null key is a {@link NullPointerException}.
 *
 * <p><b>Life.</b> Every entry gets the life time of the cache when it is written, or the one given with it.
 *
 * <p><b>Loads.</b> {@link #get(Object, Callable)} and {@link #retrieve(Object, Supplier)} run one loader for each key at a
 * time, and all callers share its outcome. A write to the key meanwhile ({@code put}, {@code putIfAbsent} that puts, {@code
 * evict}, {@code pop}, {@code clear} and the like) wins: the outcome goes to those that wait for it, but is not stored, and
 * who comes after the write does not join that load. A loader may load other keys and use other caches; one that asks for its
 * own key gets an {@link IllegalStateException}. Threads whose loaders need each other's keys do not wait for each other.
 * What a loader's own future does on other threads is not seen: it must not ask for its own key.
 *
 * <p><b>Processes.</b> Where the store is shared by several processes, one of them loads a key at a time, and the others look
 * for what it loads, for as long as {@link Builder#loadWait} says; then they load by themselves. {@link #retrieve(Object,
 * Supplier)} does not wait for that; the supplier may run later, on a thread of the common pool. A write by another process
 * during a load does not win over it.
 *
 * <p><b>Faults.</b> A {@link RuntimeException} of the store does not reach the caller: reads miss, and writes are dropped,
 * with what the key held before. They are counted, and one of a kind is logged in a minute. Keys and values that cannot be
 * encoded are logged once for each class. Errors are passed on.
 *
 * <p>Thread-safe. All writes take effect before they return. Virtual threads are not pinned.
 */
public final class LarderCache implements Cache, AutoCloseable {

    private final String name;

    private final Store<Object, Object> nativeCache;

    /** The store, if it can be stopped. */
    private final @Nullable ReopenableStore reopenable;

    private final FailOpenStore store;

    private final Lifetime lifetime;

    private final ValueForm form;

    private final Failures failures;

    private final Supplier<@Nullable LogStats> logStats;

    private final Loads loads;

    private LarderCache(Builder builder) {
        this.name = builder.name;
        this.reopenable = builder.opener == null ? null : new ReopenableStore(builder.store, builder.opener);
        this.nativeCache = reopenable == null ? builder.store : reopenable;
        this.failures = builder.failures == null ? new Failures(name, builder.clock) : builder.failures;
        this.logStats = builder.logStats;
        this.store = new FailOpenStore(name, nativeCache, failures);
        this.lifetime = Lifetime.of(builder.clock, builder.ttl);
        this.form = builder.form;
        Turns turns = new Turns(store, builder.clock, builder.loadWait.toMillis(), builder.pause);
        this.loads = new Loads(name, store, lifetime, form, turns, failures);
    }

    /** A builder of a cache on a store. The cache closes the store when it is closed. */
    public static Builder builder(String name, Store<Object, Object> store) {
        return new Builder(name, store);
    }

    @Override
    public String getName() {
        return name;
    }

    /** The store. It holds Spring's {@code NullValue} in place of null. */
    @Override
    public Store<Object, Object> getNativeCache() {
        return reopenable == null ? nativeCache : reopenable.current();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        Object stored = store.get(Objects.requireNonNull(key, "key"));
        return stored == null ? null : wrapped(key, stored);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException("The value in cache '%s' is not a %s but a %s"
                    .formatted(name, type.getName(), value.getClass().getName()));
        }
        return (T) value;
    }

    /**
     * The value of a key, loaded if it is not there. Waits for a load of the key that is under way, also when interrupted.
     *
     * @throws ValueRetrievalException if the loader that ran for this caller, or for the one that it waited for, threw
     *     something; that is the direct cause. An {@link Error} is thrown as it is where the loader ran
     */
    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        ValueWrapper found = get(key);
        Object value = found == null ? loads.get(key, Objects.requireNonNull(valueLoader, "valueLoader")) : found.get();
        return (T) value;
    }

    /** A value that is a file may be gone or unreadable by now. */
    private @Nullable ValueWrapper wrapped(Object key, Object stored) {
        try {
            return new SimpleValueWrapper(form.restoredOrNull(stored));
        } catch (UncheckedIOException ex) {
            failures.report("read", ex);
            store.remove(key);
            return null;
        }
    }

    /** A completed future of a {@link ValueWrapper}, or null if the value is not there. */
    @Override
    public @Nullable CompletableFuture<?> retrieve(Object key) {
        ValueWrapper value = get(key);
        return value == null ? null : CompletableFuture.completedFuture(value);
    }

    /**
     * The value of a key, loaded if it is not there. Each caller gets a future of its own: who cancels it ends neither the
     * load nor the wait of others.
     *
     * @return a future that fails with what the supplier threw, or with what its future failed with
     */
    @Override
    @SuppressWarnings({"unchecked", "NullAway"})
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        ValueWrapper found = get(key);
        return found == null
                ? loads.retrieve(key, Objects.requireNonNull(valueLoader, "valueLoader"))
                : CompletableFuture.completedFuture((T) found.get());
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        Objects.requireNonNull(key, "key");
        write(key, lifetime.entry(form.storedOrNull(value)));
    }

    /**
     * Puts a value with a life time of its own.
     *
     * @param life positive; less than a millisecond counts as one
     * @throws IllegalArgumentException if the life time is zero or negative
     */
    public void put(Object key, @Nullable Object value, Duration life) {
        Objects.requireNonNull(key, "key");
        long end = lifetime.end(life);
        write(key, Entry.of(form.storedOrNull(value), end));
    }

    private void write(Object key, Entry<Object> entry) {
        try {
            loads.supersede(key);
            store.put(key, entry);
        } finally {
            form.release(entry.value());
        }
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        Objects.requireNonNull(key, "key");
        Entry<Object> entry = lifetime.entry(form.storedOrNull(value));
        try {
            ValueWrapper found = null;
            // Again if what is there turns out to be unreadable: then it has been removed.
            for (int tries = 0; found == null && tries < 2; tries++) {
                Object present = store.putIfAbsent(key, entry);
                if (present == null) {
                    loads.supersede(key);
                    return null;
                }
                found = wrapped(key, present);
            }
            return found;
        } finally {
            form.release(entry.value());
        }
    }

    @Override
    public void evict(Object key) {
        evictIfPresent(key);
    }

    /** Removes an entry, and says exactly whether one was there that had not expired. */
    @Override
    public boolean evictIfPresent(Object key) {
        loads.supersede(Objects.requireNonNull(key, "key"));
        return store.remove(key);
    }

    /** Reads and removes an entry in one atomic step: of several callers, one gets the value. Null if it is not there. */
    public @Nullable ValueWrapper pop(Object key) {
        loads.supersede(Objects.requireNonNull(key, "key"));
        Object stored = store.pop(key);
        return stored == null ? null : wrapped(key, stored);
    }

    @Override
    public void clear() {
        invalidate();
    }

    /** Removes all entries, and says exactly whether there was one that had not expired. */
    @Override
    public boolean invalidate() {
        loads.supersedeAll();
        return store.clear();
    }

    /** Whether a value is there. A look, not a use: it counts neither hit nor miss and leaves the order of eviction alone. */
    public boolean contains(Object key) {
        return store.contains(Objects.requireNonNull(key, "key"));
    }

    /** The value with its life, also when it is stale; null if there is none. A look, not a use, as {@link #contains}. */
    public @Nullable Entry<@Nullable Object> entry(Object key) {
        Entry<Object> entry = store.entry(Objects.requireNonNull(key, "key"));
        ValueWrapper value = entry == null ? null : wrapped(key, entry.value());
        return entry == null || value == null
                ? null
                : new Entry<@Nullable Object>(value.get(), entry.freshUntil(), entry.keptUntil(), entry.etag());
    }

    /**
     * Gives an entry a new life that starts now, and leaves its value alone.
     *
     * @param life positive; less than a millisecond counts as one
     * @return whether there was an entry, fresh or stale
     * @throws IllegalArgumentException if the life time is zero or negative
     */
    public boolean touch(Object key, Duration life) {
        Objects.requireNonNull(key, "key");
        long end = lifetime.end(life);
        return store.touch(key, end, end);
    }

    /** What happened so far. Cheap enough to be called for each meter at each scrape. */
    public LarderCacheStats stats() {
        return new LarderCacheStats(
                store.stats(),
                loads.successes(),
                loads.failed(),
                loads.nanos(),
                loads.waits(),
                failures.counts(),
                logStats.get());
    }

    /**
     * Closes the store until {@link #start}, if it is one that can be opened again and has its entries elsewhere. Meanwhile
     * every read misses and every write is dropped, with what the key held before. Loaders still run.
     */
    public void stop() {
        if (reopenable != null) {
            reopenable.stop();
        }
    }

    /** Opens the store again after {@link #stop}, and throws what opening it throws. */
    public void start() {
        if (reopenable != null) {
            reopenable.start();
        }
    }

    /** Closes the store: from then on every read misses and every write is dropped. Loaders still run. */
    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        return "LarderCache '%s'".formatted(name);
    }

    /** Builds a {@link LarderCache}. Not thread-safe. */
    public static final class Builder {

        /**
         * Not shorter: what is worth a cache that processes share often takes seconds, and to give up means to do it twice.
         * Not longer: proxies and clients rarely wait for more than a minute, and the load itself is still to come.
         */
        static final Duration LOAD_WAIT = Duration.ofSeconds(30);

        private final String name;

        private final Store<Object, Object> store;

        private @Nullable Duration ttl;

        private InstantSource clock = CoarseClock.shared();

        private @Nullable Failures failures;

        private @Nullable Supplier<? extends Store<Object, Object>> opener;

        private Duration loadWait = LOAD_WAIT;

        private Supplier<@Nullable LogStats> logStats = () -> null;

        private ValueForm form = ValueForm.PLAIN;

        private Pause pause = Pause.REAL;

        private Builder(String name, Store<Object, Object> store) {
            this.name = Objects.requireNonNull(name, "name");
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * The life time of entries, from when they are written; positive. Null, as at first, for entries that do not
         * expire. Less than a millisecond counts as one.
         */
        public Builder ttl(@Nullable Duration life) {
            this.ttl = life;
            return this;
        }

        /** Where the present comes from; {@link CoarseClock#shared()} unless said otherwise. Give the store the same. */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "clock");
            return this;
        }

        /** Where faults are counted, so that those of the store are in the same place; a place of its own unless given. */
        public Builder failures(Failures shared) {
            this.failures = Objects.requireNonNull(shared, "failures");
            return this;
        }

        /**
         * How long a caller waits for the load of another process before it loads by itself; 30 seconds unless said
         * otherwise. A process that ended is not waited for.
         *
         * @throws IllegalArgumentException if it is shorter than a millisecond
         */
        public Builder loadWait(Duration longest) {
            if (longest.toMillis() <= 0) {
                throw new IllegalArgumentException("A wait must be a millisecond or longer, but was " + longest);
            }
            this.loadWait = longest;
            return this;
        }

        /** Opens the store again, with what it kept elsewhere; without it the cache cannot be stopped and started. */
        public Builder reopen(Supplier<? extends Store<Object, Object>> way) {
            this.opener = Objects.requireNonNull(way, "reopen");
            return this;
        }

        /** Where the figures of a store in append-only files come from. */
        public Builder logStats(Supplier<@Nullable LogStats> source) {
            this.logStats = Objects.requireNonNull(source, "logStats");
            return this;
        }

        /** What callers get, for a store whose values are {@link dev.larder.store.Payload}s. */
        public Builder files(FileValues view) {
            this.form = Objects.requireNonNull(view, "files");
            return this;
        }

        Builder pause(Pause way) {
            this.pause = way;
            return this;
        }

        /**
         * The cache.
         *
         * @throws IllegalArgumentException if the life time is zero or negative
         */
        public LarderCache build() {
            return new LarderCache(this);
        }
    }
}
