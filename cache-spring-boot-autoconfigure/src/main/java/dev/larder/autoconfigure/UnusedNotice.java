package dev.larder.autoconfigure;

import java.util.Arrays;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Logs one line at the start if there are settings under {@code larder} that nobody reads. */
final class UnusedNotice implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(UnusedNotice.class);

    private final Environment environment;

    private final ListableBeanFactory beans;

    UnusedNotice(Environment environment, ListableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!isConfigured(LarderProperties.CACHES) && !isConfigured(LarderProperties.DEFAULTS)) {
            return;
        }
        if (names(CacheAspectSupport.class).length == 0) {
            logger.warn("Caches are configured under 'larder', but caching is not enabled:"
                    + " add @EnableCaching to a configuration class");
        } else {
            logger.info("The settings under 'larder' have no effect: {} takes the place of Larder's", winner());
        }
    }

    private String winner() {
        String type = environment.getProperty(OnNoSpringCacheType.KEY);
        if (StringUtils.hasText(type)) {
            return OnNoSpringCacheType.KEY + "=" + type;
        }
        return Stream.concat(Arrays.stream(names(CacheManager.class)), Stream.of("cacheResolver"))
                .filter(beans::containsBean)
                .findFirst()
                .map("the bean '%s'"::formatted)
                .orElse("another configuration");
    }

    private String[] names(Class<?> type) {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false);
    }

    private boolean isConfigured(String key) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource
                    && source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
                return true;
            }
        }
        return false;
    }
}
