package dev.larder.spring;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.Store;
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
 * <p><b>Faults.</b> A {@link RuntimeException} of the store does not reach the caller: reads miss, and writes are dropped,
 * with what the key held before. They are counted, and one of a kind is logged in a minute. Errors are passed on.
 *
 * <p>Thread-safe. All writes take effect before they return. Virtual threads are not pinned.
 */
public final class LarderCache implements Cache, AutoCloseable {

    private final String name;

    private final Store<Object, Object> nativeCache;

    private final FailOpenStore store;

    private final Lifetime lifetime;

    private final Failures failures;

    private final Loads loads;

    private LarderCache(Builder builder) {
        this.name = builder.name;
        this.nativeCache = builder.store;
        this.failures = new Failures(name, builder.clock);
        this.store = new FailOpenStore(nativeCache, failures);
        this.lifetime = Lifetime.of(builder.clock, builder.ttl);
        this.loads = new Loads(name, store, lifetime, failures);
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
        return nativeCache;
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        Object value = store.get(Objects.requireNonNull(key, "key"));
        return value == null ? null : new SimpleValueWrapper(Nulls.restored(value));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        Object stored = store.get(Objects.requireNonNull(key, "key"));
        Object value = stored == null ? null : Nulls.restored(stored);
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
        Object stored = store.get(Objects.requireNonNull(key, "key"));
        Object value = stored == null
                ? loads.get(key, Objects.requireNonNull(valueLoader, "valueLoader"))
                : Nulls.restored(stored);
        return (T) value;
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
        Object stored = store.get(Objects.requireNonNull(key, "key"));
        return stored == null
                ? loads.retrieve(key, Objects.requireNonNull(valueLoader, "valueLoader"))
                : CompletableFuture.completedFuture((T) Nulls.restored(stored));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        write(key, lifetime.entry(value));
    }

    /**
     * Puts a value with a life time of its own.
     *
     * @param life positive; less than a millisecond counts as one
     * @throws IllegalArgumentException if the life time is zero or negative
     */
    public void put(Object key, @Nullable Object value, Duration life) {
        write(key, lifetime.entry(value, life));
    }

    private void write(Object key, Entry<Object> entry) {
        loads.supersede(Objects.requireNonNull(key, "key"));
        store.put(key, entry);
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        Object present = store.putIfAbsent(Objects.requireNonNull(key, "key"), lifetime.entry(value));
        if (present == null) {
            loads.supersede(key);
            return null;
        }
        return new SimpleValueWrapper(Nulls.restored(present));
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
        Object value = store.pop(key);
        return value == null ? null : new SimpleValueWrapper(Nulls.restored(value));
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
        if (entry == null) {
            return null;
        }
        return new Entry<@Nullable Object>(
                Nulls.restored(entry.value()), entry.freshUntil(), entry.keptUntil(), entry.etag());
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
        return new LarderCacheStats(store.stats(), loads.successes(), loads.failed(), loads.nanos(), failures.count());
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

        private final String name;

        private final Store<Object, Object> store;

        private @Nullable Duration ttl;

        private InstantSource clock = CoarseClock.shared();

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
