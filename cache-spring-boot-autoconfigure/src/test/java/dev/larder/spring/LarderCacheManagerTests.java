package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NoOpCache;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

@Timeout(30)
class LarderCacheManagerTests {

    private final ConcurrentLinkedQueue<String> made = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<HookedStore> stores = new ConcurrentLinkedQueue<>();

    @Test
    void initialCachesAreThereFromTheStart() {
        LarderCacheManager manager = initialized(false, "b", "a");

        assertThat(manager.getCacheNames()).containsExactly("b", "a");
        assertThat(made).containsExactly("b", "a");
        assertThat(manager.getCache("a")).isInstanceOf(LarderCache.class).isSameAs(manager.getCache("a"));
        assertThat(made).hasSize(2);
    }

    @Test
    void unknownCacheOfAStaticManagerIsNull() {
        LarderCacheManager manager = initialized(false, "a");

        assertThat(manager.getCache("other")).isNull();
        assertThat(manager.getLarderCache("other")).isNull();
        assertThat(made).containsExactly("a");
    }

    @Test
    void unknownCacheOfADynamicManagerIsMadeAtFirstUse() {
        LarderCacheManager manager = initialized(true, "a");

        Cache cache = manager.getCache("late");

        assertThat(cache).isNotNull().isSameAs(manager.getCache("late")).isSameAs(manager.getLarderCache("late"));
        assertThat(manager.getCacheNames()).containsExactly("a", "late");
        assertThat(made).containsExactly("a", "late");
    }

    @Test
    void initialCacheIsMadeEvenIfTheManagerWasNotInitialized() {
        LarderCacheManager manager = new LarderCacheManager(List.of("a"), false, this::cache);
        List<LarderCache> announced = new ArrayList<>();
        manager.onCacheCreated(announced::add);

        assertThat(manager.getCache("a")).isNotNull();
        manager.initializeCaches();

        assertThat(made).containsExactly("a");
        assertThat(announced).isEmpty();
    }

    @Test
    void initializingAgainKeepsAllCaches() {
        LarderCacheManager manager = initialized(true, "a");
        Cache early = manager.getCache("a");
        Cache late = manager.getCache("late");

        manager.initializeCaches();

        assertThat(manager.getCache("a")).isSameAs(early);
        assertThat(manager.getCache("late")).isSameAs(late);
        assertThat(manager.getCacheNames()).containsExactly("a", "late");
        assertThat(made).containsExactly("a", "late");
    }

    @Test
    void threadsThatAskForANewNameGetTheSameCacheAndOneAnnouncement() throws Exception {
        CountDownLatch making = new CountDownLatch(1);
        LarderCacheManager manager = new LarderCacheManager(List.of(), true, name -> {
            awaitUninterruptibly(making);
            return cache(name);
        });
        ConcurrentLinkedQueue<LarderCache> announced = new ConcurrentLinkedQueue<>();
        manager.onCacheCreated(announced::add);
        List<FutureTask<@Nullable Cache>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<@Nullable Cache> result = new FutureTask<>(() -> manager.getCache("late"));
            Thread thread = new Thread(result);
            thread.start();
            CacheFixture.awaitBlocked(thread);
            results.add(result);
        }

        making.countDown();

        for (FutureTask<@Nullable Cache> result : results) {
            assertThat(result.get()).isNotNull().isSameAs(manager.getCache("late"));
        }
        assertThat(made).containsExactly("late");
        assertThat(announced).containsExactly(manager.getLarderCache("late"));
    }

    @Test
    void cachesMadeOnDemandAreAnnouncedOnceWhenTheyCanBeFound() {
        LarderCacheManager manager = new LarderCacheManager(List.of("a"), true, this::cache);
        List<String> announced = new ArrayList<>();
        manager.onCacheCreated(cache -> {
            assertThat(manager.getCache(cache.getName())).isSameAs(cache);
            announced.add(cache.getName());
        });

        manager.initializeCaches();
        assertThat(announced).isEmpty();
        manager.getCache("late");
        manager.getLarderCache("later");
        manager.getCache("late");
        manager.initializeCaches();

        assertThat(announced).containsExactly("late", "later");
    }

    @Test
    void listenerThatThrowsBreaksNeitherTheCacheNorOtherListeners() {
        LarderCacheManager manager = initialized(true);
        List<LarderCache> announced = new ArrayList<>();
        manager.onCacheCreated(cache -> {
            throw new IllegalStateException("thrown on purpose");
        });
        manager.onCacheCreated(announced::add);

        assertThat(manager.getCache("late")).isNotNull();
        assertThat(announced).hasSize(1);
    }

    @Test
    void failedFactoryIsAskedAgain() {
        List<String> asked = new ArrayList<>();
        LarderCacheManager manager = new LarderCacheManager(List.of(), true, name -> {
            asked.add(name);
            if (asked.size() == 1) {
                throw new IllegalStateException("broken");
            }
            return cache(name);
        });

        assertThatIllegalStateException().isThrownBy(() -> manager.getCache("late"));
        assertThat(manager.getCacheNames()).isEmpty();
        assertThat(manager.getCache("late")).isNotNull();
    }

    @Test
    void failedStartClosesTheCachesThatWereMade() {
        Function<String, LarderCache> factory = name -> {
            if (name.equals("broken")) {
                throw new IllegalStateException("broken");
            }
            return cache(name);
        };
        LarderCacheManager manager = new LarderCacheManager(List.of("a", "broken", "b"), true, factory);

        assertThatIllegalStateException().isThrownBy(manager::afterPropertiesSet);
        assertThat(made).containsExactly("a");
        assertThat(stores).allSatisfy(store -> assertThat(store.closed).isEqualTo(1));
    }

    @Test
    void resetClearsAllCaches() {
        LarderCacheManager manager = initialized(true, "a");
        LarderCache early = manager.getLarderCache("a");
        LarderCache late = manager.getLarderCache("late");
        assertThat(early).isNotNull();
        assertThat(late).isNotNull();
        early.put("k", "v");
        late.put("k", "v");

        manager.resetCaches();

        assertThat(early.get("k")).isNull();
        assertThat(late.get("k")).isNull();
        assertThat(stores).allSatisfy(store -> assertThat(store.closed).isZero());
    }

    @Test
    void closeClosesEachCacheOnceAlsoWhenOneFails() {
        LarderCacheManager manager = initialized(true, "a", "b", "c");
        manager.getCache("late");
        stores.forEach(store -> store.onClose = () -> {
            throw new IllegalStateException("thrown on purpose");
        });

        manager.close();
        manager.close();

        assertThat(stores)
                .hasSize(4)
                .allSatisfy(store -> assertThat(store.closed).isEqualTo(1));
    }

    @Test
    void unknownCacheAfterCloseIsNull() {
        LarderCacheManager manager = initialized(true, "a");
        manager.close();

        assertThat(manager.getCache("late")).isNull();
        assertThat(manager.getCache("a")).isNotNull();
        manager.initializeCaches();
        assertThat(made).containsExactly("a");
    }

    @Test
    void undecoratedCacheIsAtHandWhereSpringSeesADecoratedOne() {
        LarderCacheManager manager = new LarderCacheManager(List.of("a"), true, this::cache) {
            @Override
            protected Cache decorateCache(Cache cache) {
                return new NoOpCache("decorated " + cache.getName());
            }
        };
        List<String> announced = new ArrayList<>();
        manager.onCacheCreated(cache -> announced.add(cache.getName()));
        manager.initializeCaches();

        for (String name : List.of("a", "late")) {
            assertThat(manager.getCache(name)).isInstanceOf(NoOpCache.class).isSameAs(manager.getCache(name));
            assertThat(manager.getLarderCache(name))
                    .isNotNull()
                    .extracting(LarderCache::getName)
                    .isEqualTo(name);
        }
        assertThat(announced).containsExactly("late");
    }

    @Test
    void transactionAwareManagerPutsWhenTheTransactionCommits() {
        LarderCacheManager manager = new LarderCacheManager(List.of("a"), false, this::cache);
        manager.setTransactionAware(true);
        manager.initializeCaches();
        Cache cache = manager.getCache("a");
        assertThat(cache).isNotNull();

        TransactionSynchronizationManager.initSynchronization();
        try {
            cache.put("k", "v");
            assertThat(cache.get("k")).isNull();
            TransactionSynchronizationUtils.triggerAfterCommit();
        } finally {
            TransactionSynchronizationManager.clearSynchronization();
        }

        assertThat(cache.get("k", String.class)).isEqualTo("v");
    }

    @Test
    void cacheThatCannotBeStartedKeepsNoOtherFromIt() {
        LarderCacheManager manager = new LarderCacheManager(List.of("broken", "sound"), false, name -> {
            Supplier<Store<Object, Object>> opener = () -> {
                if (name.equals("broken")) {
                    throw new IllegalStateException(name);
                }
                return CacheFixture.lruStore(new ManualClock());
            };
            return LarderCache.builder(name, CacheFixture.lruStore(new ManualClock()))
                    .reopen(opener)
                    .build();
        });
        manager.afterPropertiesSet();
        manager.stop();

        assertThatIllegalStateException().isThrownBy(manager::start).withMessage("broken");

        LarderCache sound = manager.getLarderCache("sound");
        assertThat(sound).isNotNull();
        sound.put("key", "value");
        assertThat(sound.contains("key")).isTrue();
    }

    /** The container starts what does not run, and nothing else. */
    @Test
    void cacheThatCouldNotBeStartedMayBeStartedLater() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Supplier<Store<Object, Object>> opener = () -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return CacheFixture.lruStore(new ManualClock());
        };
        LarderCache cache = LarderCache.builder("a", CacheFixture.lruStore(new ManualClock()))
                .reopen(opener)
                .build();
        LarderCacheManager manager = new LarderCacheManager(List.of("a"), false, name -> cache);
        manager.afterPropertiesSet();
        manager.stop();
        assertThatIllegalStateException().isThrownBy(manager::start);
        assertThat(manager.isRunning()).isFalse();

        broken.set(false);
        manager.start();

        assertThat(manager.isRunning()).isTrue();
        cache.put("key", "value");
        assertThat(cache.contains("key")).isTrue();
    }

    @Test
    void storeWhoseOldValuesCannotBeRemovedIsClosedAgainAndTheyAreNotForgotten() {
        Deque<HookedStore> opened = new ArrayDeque<>();
        LarderCache cache = LarderCache.builder("a", CacheFixture.lruStore(new ManualClock()))
                .reopen(opened::peek)
                .build();
        cache.stop();
        cache.evict("key");
        HookedStore store = new HookedStore(CacheFixture.lruStore(new ManualClock()));
        store.before = operation -> {
            if (operation.equals("remove")) {
                throw new IllegalStateException("broken");
            }
        };
        opened.push(store);
        assertThatIllegalStateException().isThrownBy(cache::start);
        assertThat(store.closed).isEqualTo(1);

        opened.push(new HookedStore(CacheFixture.lruStore(new ManualClock())));
        opened.element().put("key", Entry.of("old"));
        cache.start();

        assertThat(cache.get("key")).isNull();
    }

    private LarderCacheManager initialized(boolean dynamic, String... names) {
        LarderCacheManager manager = new LarderCacheManager(List.of(names), dynamic, this::cache);
        manager.afterPropertiesSet();
        return manager;
    }

    private LarderCache cache(String name) {
        made.add(name);
        HookedStore store = new HookedStore(CacheFixture.lruStore(new ManualClock()));
        stores.add(store);
        return LarderCache.builder(name, store).build();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }
}
