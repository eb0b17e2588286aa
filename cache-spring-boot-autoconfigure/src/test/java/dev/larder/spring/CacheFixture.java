package dev.larder.spring;

import dev.larder.store.Store;
import dev.larder.store.lru.LruStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A cache over the store under test, and threads that do not outlive the test. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CacheFixture {

    static final Duration TTL = Duration.ofSeconds(10);

    final ManualClock clock = new ManualClock();

    @SuppressWarnings("NullAway.Init")
    LarderCache cache;

    private final List<Thread> threads = new ArrayList<>();

    /** An empty store with room for a few thousand small entries that goes by the given clock. */
    abstract Store<Object, Object> createStore(InstantSource clock);

    @BeforeEach
    void openCache() {
        cache = cacheOver("things", createStore(clock));
    }

    @AfterEach
    void closeCacheAndEndThreads() {
        cache.close();
        threads.forEach(Thread::interrupt);
    }

    LarderCache cacheOver(String name, Store<Object, Object> store) {
        return LarderCache.builder(name, store).ttl(TTL).clock(clock).build();
    }

    static Store<Object, Object> lruStore(InstantSource clock) {
        return LruStore.builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler((period, task) -> {})
                .build();
    }

    /** Runs something on a thread of its own. */
    <T extends @Nullable Object> Running<T> start(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return new Running<>(thread, task);
    }

    /** Starts a load on a thread of its own and returns when its loader is running. */
    Running<@Nullable Object> startLoad(Object key, SlowLoad load) throws InterruptedException {
        Running<@Nullable Object> running = start(() -> cache.get(key, load));
        load.awaitEntered();
        return running;
    }

    /** Returns when a thread waits for something. */
    static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            if (!thread.isAlive()) {
                throw new AssertionError("The thread ended, but should be waiting");
            }
            Thread.onSpinWait();
        }
    }

    /** A thread and what it will return. */
    record Running<T extends @Nullable Object>(Thread thread, FutureTask<T> task) {

        T result() throws Exception {
            return task.get();
        }

        /** Returns when the thread waits for something. */
        Running<T> awaitBlocked() {
            CacheFixture.awaitBlocked(thread);
            return this;
        }
    }
}
