package dev.larder.spring;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.transaction.AbstractTransactionSupportingCacheManager;
import org.springframework.context.Lifecycle;
import org.springframework.context.Phased;

/**
 * The caches of an application: those it names at the start, and, if it wants, others at their first use.
 *
 * <p>Makes one cache for each name, however often it is initialized and whoever asks at the same time. Owns what it made:
 * closing it closes all caches.
 *
 * <p>While the application context is stopped, as for a checkpoint of the JVM, no cache has a file open: reads miss, and
 * writes are dropped. The caches that callers hold work again when it is started, as warm as they were. It stops after, and
 * starts before, whatever has a later phase, which nearly everything has.
 *
 * <p>Thread-safe once it is configured.
 */
public class LarderCacheManager extends AbstractTransactionSupportingCacheManager
        implements AutoCloseable, Lifecycle, Phased {

    private static final Logger logger = LoggerFactory.getLogger(LarderCacheManager.class);

    /** Not the first of all: some room for what caches need. */
    private static final int PHASE = Integer.MIN_VALUE + 1000;

    private final Set<String> initialNames;

    private final boolean dynamic;

    private final Function<String, LarderCache> factory;

    private final Map<String, LarderCache> caches = new ConcurrentHashMap<>();

    /** Created on demand, and not yet announced. */
    private final Map<String, LarderCache> unannounced = new ConcurrentHashMap<>();

    private final List<Consumer<LarderCache>> listeners = new CopyOnWriteArrayList<>();

    /** Held while a cache is made, so that none is made twice or after the end. */
    private final ReentrantLock making = new ReentrantLock();

    private boolean closed;

    private volatile boolean stopped;

    /**
     * A manager that makes its first caches when it is {@linkplain #initializeCaches initialized}.
     *
     * @param cacheNames the caches to make then
     * @param dynamic whether other caches are made when somebody asks for them
     * @param factory makes the cache of a name; called once for each
     */
    public LarderCacheManager(Collection<String> cacheNames, boolean dynamic, Function<String, LarderCache> factory) {
        this.initialNames = new LinkedHashSet<>(cacheNames);
        this.dynamic = dynamic;
        this.factory = factory;
    }

    /**
     * Has a listener told of each cache that is made on demand from now on, once, when it can be found by its name. It is
     * told on the thread that asked for the cache; one that throws is logged.
     */
    public void onCacheCreated(Consumer<LarderCache> listener) {
        listeners.add(listener);
    }

    @Override
    public @Nullable Cache getCache(String name) {
        Cache known = lookupCache(name);
        if (known != null) {
            return known;
        }
        Cache cache = super.getCache(name);
        LarderCache created = unannounced.remove(name);
        if (created != null) {
            announce(created);
        }
        return cache;
    }

    /** The cache that {@link #getCache} gives, without the decoration that makes it transaction-aware. */
    public @Nullable LarderCache getLarderCache(String name) {
        return getCache(name) == null ? null : caches.get(name);
    }

    /** Closes what caches have open, until {@link #start}. */
    @Override
    public void stop() {
        making.lock();
        try {
            stopped = true;
        } finally {
            making.unlock();
        }
        forEach("stop", LarderCache::stop);
    }

    /**
     * Opens what {@link #stop} closed.
     *
     * @throws RuntimeException what the first cache threw that could not be opened, for instance because another process has the directory by now;
     *     the others are open then
     */
    @Override
    public void start() {
        making.lock();
        try {
            stopped = false;
        } finally {
            making.unlock();
        }
        RuntimeException failure = forEach("start", LarderCache::start);
        if (failure != null) {
            // Who starts the context again passes over what runs
            stopped = true;
            throw failure;
        }
    }

    /** From the start: caches are made before the context is started, and some contexts never are. */
    @Override
    public boolean isRunning() {
        return !stopped;
    }

    /** Among the first to start and the last to stop: others use caches for as long as they run. */
    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Closes all caches. Those that were not made by now are not made any more. */
    @Override
    public void close() {
        making.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            making.unlock();
        }
        forEach("close", LarderCache::close);
    }

    /** Does something to all caches, and logs where it fails; returns the first failure. */
    private @Nullable RuntimeException forEach(String what, Consumer<LarderCache> action) {
        RuntimeException first = null;
        for (LarderCache cache : caches.values()) {
            try {
                action.accept(cache);
            } catch (RuntimeException ex) {
                logger.warn("{} failed to {}", cache, what, ex);
                first = first == null ? ex : first;
            }
        }
        return first;
    }

    /** All caches there are, so that initializing again loses none. */
    @Override
    protected Collection<LarderCache> loadCaches() {
        Set<LarderCache> loaded = new LinkedHashSet<>();
        try {
            for (String name : initialNames) {
                LarderCache cache = make(name);
                if (cache != null) {
                    loaded.add(cache);
                }
            }
        } catch (RuntimeException | Error ex) {
            // Spring does not destroy a bean that failed to start
            close();
            throw ex;
        }
        loaded.addAll(caches.values());
        return loaded;
    }

    @Override
    protected @Nullable Cache getMissingCache(String name) {
        return dynamic || initialNames.contains(name) ? make(name) : null;
    }

    private @Nullable LarderCache make(String name) {
        making.lock();
        try {
            LarderCache present = caches.get(name);
            if (present != null || closed) {
                return present;
            }
            LarderCache cache = factory.apply(name);
            if (stopped) {
                cache.stop();
            }
            caches.put(name, cache);
            if (!initialNames.contains(name)) {
                unannounced.put(name, cache);
            }
            return cache;
        } finally {
            making.unlock();
        }
    }

    private void announce(LarderCache cache) {
        for (Consumer<LarderCache> listener : listeners) {
            try {
                listener.accept(cache);
            } catch (RuntimeException ex) {
                logger.warn("A listener failed on the new {}", cache, ex);
            }
        }
    }
}
