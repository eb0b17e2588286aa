package dev.larder.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Says why settings under {@code larder} have no effect, where {@link LarderAutoConfiguration} backed off. */
@AutoConfiguration(after = {LarderAutoConfiguration.class, CacheAutoConfiguration.class})
@ConditionalOnMissingBean(LarderProperties.class)
@ConditionalOnBooleanProperty(name = "larder.enabled", matchIfMissing = true)
public final class LarderUnusedAutoConfiguration {

    @Bean
    SmartInitializingSingleton larderUnusedNotice(Environment environment, ListableBeanFactory beans) {
        return new UnusedNotice(environment, beans);
    }
}
