package dev.larder.autoconfigure;

import dev.larder.metrics.LarderCacheMeterBinderProvider;
import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import io.micrometer.core.instrument.Tag;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.cache.CacheManager;
import org.springframework.util.StringUtils;

/**
 * Binds the meters of caches that are created after Spring Boot's registrar has bound those that were there, each once.
 * Thread-safe.
 */
final class LateCacheMetrics {

    private static final String MANAGER_SUFFIX = "cacheManager";

    private final CacheMetricsRegistrar registrar;

    private final LarderCacheMeterBinderProvider provider;

    LateCacheMetrics(CacheMetricsRegistrar registrar, LarderCacheMeterBinderProvider provider) {
        this.registrar = registrar;
        this.provider = provider;
    }

    /** Binds the caches of all managers, those there are and those there will be. */
    void bindAll(ConfigurableListableBeanFactory beans) {
        SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, CacheManager.class)
                .forEach((name, manager) -> {
                    if (manager instanceof LarderCacheManager larder) {
                        bindAll(larder, Tag.of("cache.manager", managerTag(name)));
                    }
                });
    }

    /** Listens first and looks then, so that no cache is missed in between. */
    private void bindAll(LarderCacheManager manager, Tag tag) {
        manager.onCacheCreated(cache -> bind(cache, tag));
        for (String name : manager.getCacheNames()) {
            LarderCache cache = manager.getLarderCache(name);
            if (cache != null) {
                bind(cache, tag);
            }
        }
    }

    private synchronized void bind(LarderCache cache, Tag tag) {
        if (!provider.hasProvidedFor(cache)) {
            registrar.bindCacheToRegistry(cache, tag);
        }
    }

    /** The same value that Spring Boot gives to the caches it binds. */
    private static String managerTag(String beanName) {
        return beanName.length() > MANAGER_SUFFIX.length() && StringUtils.endsWithIgnoreCase(beanName, MANAGER_SUFFIX)
                ? beanName.substring(0, beanName.length() - MANAGER_SUFFIX.length())
                : beanName;
    }
}
