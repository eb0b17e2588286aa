package dev.larder.autoconfigure;

import dev.larder.spring.LarderCacheManager;
import dev.larder.store.CoarseClock;
import dev.larder.store.Encryption;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Provides the cache manager where caching is enabled with {@code @EnableCaching}, ahead of Spring Boot's own.
 *
 * <p>Backs off for a {@link CacheManager} of the application, a bean named {@code cacheResolver}, {@code
 * spring.cache.type}, and {@code larder.enabled=false}.
 */
@AutoConfiguration(before = CacheAutoConfiguration.class)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@ConditionalOnBooleanProperty(name = "larder.enabled", matchIfMissing = true)
@Conditional(OnNoSpringCacheType.class)
@EnableConfigurationProperties({LarderProperties.class, CacheProperties.class})
public final class LarderAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CacheManagerCustomizers cacheManagerCustomizers(ObjectProvider<CacheManagerCustomizer<?>> customizers) {
        return new CacheManagerCustomizers(customizers.orderedStream().toList());
    }

    @Bean
    LarderCacheManager cacheManager(
            LarderProperties properties,
            CacheProperties springProperties,
            CacheManagerCustomizers customizers,
            ObjectProvider<Encryption> encryptionBean,
            ConfigurableListableBeanFactory beans) {
        Encryption encryption = Encryptions.of(properties.encryption(), encryptionBean.getIfAvailable());
        ValueCodecs codecs = new ValueCodecs(beans, properties.trustedPackages());
        SettingsCheck check = new SettingsCheck(
                beans, beans.getBeanClassLoader(), properties.defaults().type(), codecs, encryption != null);
        StoreFactory stores = new StoreFactory(properties, check, codecs, encryption, CoarseClock.shared());
        Set<String> names = new LinkedHashSet<>(properties.caches().keySet());
        names.addAll(springProperties.getCacheNames());
        boolean dynamic = properties.dynamic() != null
                ? properties.dynamic()
                : springProperties.getCacheNames().isEmpty();
        return customizers.customize(
                new LarderCacheManager(names, dynamic, name -> stores.create(name, !names.contains(name))));
    }
}
