package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import dev.larder.store.lru.LruStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

class LarderMetricsAutoConfigurationTests {

    private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
            .withUserConfiguration(Caching.class)
            .withConfiguration(AutoConfigurations.of(
                    LarderAutoConfiguration.class,
                    LarderMetricsAutoConfiguration.class,
                    CacheAutoConfiguration.class,
                    CacheMetricsAutoConfiguration.class));

    private final ApplicationContextRunner runner =
            withoutRegistry.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void configuredCachesAreBoundAtTheStart() {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m").run(context -> {
            assertThat(gets(context.getBean(MeterRegistry.class), "quotes", "cacheManager"))
                    .hasSize(2);
        });
    }

    @Test
    void lateCachesAreBoundWhenTheyAreCreated() {
        runner.run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.find("cache.gets").meters()).isEmpty();

            context.getBean(CacheManager.class).getCache("late").get("a");

            assertThat(gets(registry, "late", "cacheManager")).hasSize(2);
            assertThat(registry.get("cache.gets")
                            .tags("cache", "late", "result", "miss", "name", "late")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void lateCachesOfTransactionAwareManagersAreBound() {
        runner.withBean(CacheManagerCustomizer.class, () ->
                        (CacheManagerCustomizer<LarderCacheManager>) manager -> manager.setTransactionAware(true))
                .run(context -> {
                    context.getBean(CacheManager.class).getCache("late");

                    assertThat(gets(context.getBean(MeterRegistry.class), "late", "cacheManager"))
                            .hasSize(2);
                });
    }

    @Test
    void cachesCreatedWhileTheContextStartsAreBoundOnce() {
        runner.withBean(BindingLog.class)
                .withUserConfiguration(EarlyUser.class, LateUser.class)
                .withPropertyValues("larder.caches.quotes.ttl=1m")
                .run(context -> {
                    context.getBean(CacheManager.class).getCache("late");

                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    for (String cache : List.of("quotes", "early", "between", "late")) {
                        assertThat(gets(registry, cache, "cacheManager"))
                                .as("meters of %s", cache)
                                .hasSize(2);
                    }
                    assertThat(context.getBean(BindingLog.class).names)
                            .containsExactlyInAnyOrder("quotes", "early", "between", "late");
                });
    }

    @Test
    void eachManagerHasItsOwnTag() {
        runner.withUserConfiguration(TwoManagers.class).run(context -> {
            context.getBean("fastCacheManager", CacheManager.class).getCache("late");
            context.getBean("slow", CacheManager.class).getCache("late");

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(gets(registry, "late", "fast")).hasSize(2);
            assertThat(gets(registry, "late", "slow")).hasSize(2);
            assertThat(gets(registry, "initial", "fast")).hasSize(2);
        });
    }

    @Test
    void lazyContextBindsToo() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withPropertyValues("larder.caches.quotes.ttl=1m")
                .run(context -> {
                    context.getBean(CacheManager.class).getCache("late");

                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(gets(registry, "quotes", "cacheManager")).hasSize(2);
                    assertThat(gets(registry, "late", "cacheManager")).hasSize(2);
                });
    }

    @Test
    void withoutRegistryNothingIsBound() {
        withoutRegistry.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(CacheMetricsRegistrar.class);
            assertThat(context.getBean(CacheManager.class).getCache("late")).isNotNull();
        });
    }

    @Test
    void withoutMicrometerThereIsNoProvider() {
        withoutRegistry
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(LarderCacheManager.class)
                        .doesNotHaveBean("larderCacheMeterBinderProvider")
                        .doesNotHaveBean("larderLateCacheMetrics"));
    }

    private static Set<Meter> gets(MeterRegistry registry, String cache, String manager) {
        return Set.copyOf(registry.find("cache.gets")
                .tags("cache", cache, "cache.manager", manager)
                .meters());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {}

    /** Is asked before Larder's own provider for each cache that is bound, and has nothing to give. */
    static class BindingLog implements CacheMeterBinderProvider<LarderCache> {

        private final List<String> names = new ArrayList<>();

        @Override
        public MeterBinder getMeterBinder(LarderCache cache, Iterable<Tag> tags) {
            names.add(cache.getName());
            return null;
        }
    }

    /** Uses a cache before there is a registrar. */
    @Configuration(proxyBeanMethods = false)
    static class EarlyUser {

        @Bean
        String early(CacheManager manager) {
            return manager.getCache("early").getName();
        }
    }

    /** Uses a cache when there is a registrar, but nobody listens yet. */
    @Configuration(proxyBeanMethods = false)
    static class LateUser {

        @Bean
        String between(CacheMetricsRegistrar registrar, CacheManager manager) {
            return manager.getCache("between").getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoManagers {

        @Bean
        @Primary
        LarderCacheManager fastCacheManager() {
            return manager();
        }

        @Bean
        @Lazy
        CacheManager slow() {
            return manager();
        }

        private static LarderCacheManager manager() {
            return new LarderCacheManager(
                    List.of("initial"),
                    true,
                    name -> LarderCache.builder(
                                    name, LruStore.builder().maxEntries(10).build())
                            .build());
        }
    }
}
