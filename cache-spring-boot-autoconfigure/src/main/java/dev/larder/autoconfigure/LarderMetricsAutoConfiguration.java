package dev.larder.autoconfigure;

import dev.larder.metrics.LarderCacheMeterBinderProvider;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.context.annotation.Bean;

/**
 * Meters for caches, through Spring Boot's registrar, which asks for them before it exists: so this runs before it. Boot
 * binds the caches that are there when it starts, and {@link LateCacheMetrics} those that come later.
 */
@AutoConfiguration(after = LarderAutoConfiguration.class, before = CacheMetricsAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
public final class LarderMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LarderCacheMeterBinderProvider larderCacheMeterBinderProvider() {
        return new LarderCacheMeterBinderProvider();
    }

    @Bean
    SmartInitializingSingleton larderLateCacheMetrics(
            ConfigurableListableBeanFactory beans,
            LarderCacheMeterBinderProvider provider,
            ObjectProvider<CacheMetricsRegistrar> registrar) {
        return () -> registrar.ifAvailable(available -> new LateCacheMetrics(available, provider).bindAll(beans));
    }
}
