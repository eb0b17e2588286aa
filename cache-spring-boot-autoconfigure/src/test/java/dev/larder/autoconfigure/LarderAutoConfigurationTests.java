package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.caffeine.CaffeineStore;
import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.lru.LruStore;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.actuate.endpoint.CachesEndpoint;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CachesEndpointAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class LarderAutoConfigurationTests {

    private final ApplicationContextRunner withoutCaching = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(LarderAutoConfiguration.class, CacheAutoConfiguration.class));

    private final ApplicationContextRunner runner = withoutCaching.withUserConfiguration(Caching.class);

    /** Boot's own would take the place otherwise, whichever of the names comes first. */
    @Test
    void comesBeforeBootsCacheAutoConfiguration() {
        assertThat(LarderAutoConfiguration.class.getAnnotation(AutoConfiguration.class))
                .extracting(AutoConfiguration::before, as(InstanceOfAssertFactories.array(Class[].class)))
                .contains(CacheAutoConfiguration.class);
    }

    @Test
    void managerIsProvidedAheadOfSpringBootsOwn() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(CacheManager.class);
            assertThat(context.getBean("cacheManager")).isInstanceOf(LarderCacheManager.class);
        });
    }

    @Test
    void cacheableUsesIt() {
        runner.withUserConfiguration(Counter.class).run(context -> {
            Counter counter = context.getBean(Counter.class);

            assertThat(counter.next("a")).isEqualTo(1);
            assertThat(counter.next("a")).isEqualTo(1);
            assertThat(cache(context, "counter").stats().store().hits()).isEqualTo(1);
        });
    }

    @Test
    void managerOfTheApplicationWins() {
        runner.withUserConfiguration(OwnManager.class).run(context -> {
            assertThat(context).doesNotHaveBean(LarderCacheManager.class);
            assertThat(context).getBean(CacheManager.class).isInstanceOf(ConcurrentMapCacheManager.class);
        });
    }

    @Test
    void beanNamedCacheResolverWins() {
        runner.withUserConfiguration(OwnResolver.class)
                .run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
    }

    @Test
    void springCacheTypeWins() {
        runner.withPropertyValues("spring.cache.type=simple")
                .run(context ->
                        assertThat(context).getBean(CacheManager.class).isInstanceOf(ConcurrentMapCacheManager.class));
    }

    @Test
    void emptySpringCacheTypeDoesNotWin() {
        runner.withPropertyValues("spring.cache.type=")
                .run(context -> assertThat(context).hasSingleBean(LarderCacheManager.class));
    }

    @Test
    void disabledLeavesTheFieldToSpringBoot() {
        runner.withPropertyValues("larder.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(LarderCacheManager.class);
            assertThat(context).hasSingleBean(CacheManager.class);
        });
    }

    @Test
    void withoutEnableCachingThereIsNoManager() {
        withoutCaching.run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
    }

    @Test
    void neitherStoresNorCachesAreBeans() {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m").run(context -> {
            assertThat(context).doesNotHaveBean(Store.class);
            assertThat(context).doesNotHaveBean(Cache.class);
        });
    }

    @Test
    void configuredCachesExistFromTheStart() {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m", "larder.caches.reports.max-entries=5")
                .run(context -> assertThat(context.getBean(CacheManager.class).getCacheNames())
                        .containsExactlyInAnyOrder("quotes", "reports"));
    }

    @Test
    void cacheWithoutSettingsHasTheBuiltInOnesAndNotTheDefaults() {
        runner.withPropertyValues("larder.caches.quotes=", "larder.defaults.max-entries=1")
                .run(context -> {
                    assertThat(context.getBean(CacheManager.class).getCacheNames())
                            .containsExactly("quotes");
                    assertThat(capacity(cache(context, "quotes"))).isEqualTo(100);
                });
    }

    @Test
    void otherCachesAreCreatedAtFirstUse() {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m").run(context -> {
            assertThat(cache(context, "other")).isNotNull();
            assertThat(context.getBean(CacheManager.class).getCacheNames())
                    .containsExactlyInAnyOrder("quotes", "other");
        });
    }

    @Test
    void otherCachesDoNotExistWhenNotDynamic() {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m", "larder.dynamic=false")
                .run(context -> assertThat(context.getBean(CacheManager.class).getCache("other"))
                        .isNull());
    }

    @Test
    void cacheNamesOfSpringExistFromTheStartAndAreAllThereAre() {
        runner.withPropertyValues("spring.cache.cache-names=one,two", "larder.caches.quotes.ttl=1m")
                .run(context -> {
                    CacheManager manager = context.getBean(CacheManager.class);

                    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("one", "two", "quotes");
                    assertThat(manager.getCache("other")).isNull();
                });
    }

    @Test
    void dynamicHoldsBesideCacheNamesOfSpring() {
        runner.withPropertyValues("spring.cache.cache-names=one", "larder.dynamic=true")
                .run(context -> assertThat(context.getBean(CacheManager.class).getCache("other"))
                        .isNotNull());
    }

    @Test
    void typeIsLruUnlessSet() {
        runner.run(context -> assertThat(store(context, "quotes")).isInstanceOf(LruStore.class));
    }

    @Test
    void typeOfTheDefaultsHoldsForNamedCachesToo() {
        runner.withPropertyValues("larder.defaults.type=caffeine", "larder.caches.quotes.ttl=1m")
                .run(context -> {
                    assertThat(store(context, "quotes")).isInstanceOf(CaffeineStore.class);
                    assertThat(store(context, "other")).isInstanceOf(CaffeineStore.class);
                });
    }

    @Test
    void typeOfACacheIsItsOwn() {
        runner.withPropertyValues("larder.defaults.type=caffeine", "larder.caches.quotes.type=lru")
                .run(context -> assertThat(store(context, "quotes")).isInstanceOf(LruStore.class));
    }

    @Test
    void lruNeedsNeitherCaffeineNorMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine", "io.micrometer"))
                .run(context -> assertThat(store(context, "quotes")).isInstanceOf(LruStore.class));
    }

    @Test
    void codecGivesCopies() {
        runner.withBean("text", TextCodec.class)
                .withPropertyValues("larder.caches.quotes.codec=text")
                .run(context -> assertThat(store(context, "quotes")).isInstanceOf(SerializingStore.class));
    }

    @Test
    void namesInBracketsAreKeptAsTheyAre() {
        runner.withPropertyValues("larder.caches[My.Cache].ttl=1m", "larder.caches[a/b c].max-entries=3")
                .run(context -> assertThat(context.getBean(CacheManager.class).getCacheNames())
                        .containsExactlyInAnyOrder("My.Cache", "a/b c"));
    }

    @Test
    void namesInUpperCaseAreKeptAsTheyAre() {
        runner.withPropertyValues("larder.caches.exchangeRates.maxEntries=1").run(context -> {
            assertThat(context.getBean(CacheManager.class).getCacheNames()).containsExactly("exchangeRates");
            assertThat(capacity(cache(context, "exchangeRates"))).isEqualTo(1);
        });
    }

    @Test
    void customizersAreCalledInOrder() {
        runner.withUserConfiguration(Customizers.class).run(context -> {
            assertThat(context.getBean(CacheManager.class).getCache("quotes"))
                    .isInstanceOf(TransactionAwareCacheDecorator.class);
        });
    }

    @Test
    void customizersOfOtherManagersAreNotCalled() {
        runner.withBean(CacheManagerCustomizer.class, () ->
                        (CacheManagerCustomizer<ConcurrentMapCacheManager>) manager -> manager.setCacheNames(null))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void closingTheContextClosesTheCaches() {
        LarderCache[] cache = new LarderCache[1];
        runner.run(context -> {
            cache[0] = cache(context, "quotes");
            cache[0].put("a", 1);
        });
        assertThat(cache[0].contains("a")).isFalse();
    }

    @Test
    void cachesEndpointListsCaches() {
        runner.withConfiguration(
                        AutoConfigurations.of(EndpointAutoConfiguration.class, CachesEndpointAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=caches", "larder.caches.quotes.ttl=1m")
                .run(context -> {
                    CachesEndpoint endpoint = context.getBean(CachesEndpoint.class);
                    LarderCache cache = cache(context, "quotes");
                    cache.put("a", 1);

                    assertThat(endpoint.caches()
                                    .getCacheManagers()
                                    .get("cacheManager")
                                    .getCaches())
                            .containsOnlyKeys("quotes");
                    endpoint.clearCache("quotes", null);
                    assertThat(cache.contains("a")).isFalse();
                });
    }

    /** How many of 100 entries a cache keeps. */
    private static long capacity(LarderCache cache) {
        for (int i = 0; i < 100; i++) {
            cache.put(i, i);
        }
        return cache.getNativeCache().size();
    }

    private static LarderCache cache(AssertableApplicationContext context, String name) {
        return context.getBean(LarderCacheManager.class).getLarderCache(name);
    }

    private static Store<Object, Object> store(AssertableApplicationContext context, String name) {
        return cache(context, name).getNativeCache();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {}

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {

        @Bean
        CacheManager myCaches() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnResolver implements CachingConfigurer {

        @Bean
        @Override
        public CacheResolver cacheResolver() {
            return new SimpleCacheResolver(new ConcurrentMapCacheManager());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        CacheManagerCustomizer<LarderCacheManager> second() {
            return manager -> manager.setTransactionAware(true);
        }

        @Bean
        @Order(1)
        CacheManagerCustomizer<LarderCacheManager> first() {
            return manager -> manager.setTransactionAware(false);
        }
    }

    static class Counter {

        private int calls;

        @Cacheable("counter")
        public int next(String key) {
            return ++calls;
        }
    }
}
