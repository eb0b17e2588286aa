package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class LarderUnusedAutoConfigurationTests {

    private static final String NO_EFFECT = "The settings under 'larder' have no effect";

    private static final String NOT_ENABLED = "add @EnableCaching to a configuration class";

    private final ApplicationContextRunner withoutCaching = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LarderAutoConfiguration.class, LarderUnusedAutoConfiguration.class, CacheAutoConfiguration.class));

    private final ApplicationContextRunner runner = withoutCaching.withUserConfiguration(Caching.class);

    @Test
    void configuredCachesWithoutEnableCachingAreWarnedOfOnce(CapturedOutput output) {
        withoutCaching.withPropertyValues("larder.caches.quotes.ttl=1m").run(context -> {
            assertThat(output).containsOnlyOnce(NOT_ENABLED).contains("WARN");
            assertThat(output).doesNotContain(NO_EFFECT);
        });
    }

    @Test
    void configuredDefaultsWithoutEnableCachingAreWarnedOf(CapturedOutput output) {
        withoutCaching
                .withPropertyValues("larder.defaults.ttl=1m")
                .run(context -> assertThat(output).containsOnlyOnce(NOT_ENABLED));
    }

    @Test
    void nothingConfiguredIsNoReasonToWarn(CapturedOutput output) {
        withoutCaching.run(context -> assertThat(output).doesNotContain("larder"));
    }

    @Test
    void disabledIsNoReasonToWarn(CapturedOutput output) {
        withoutCaching
                .withPropertyValues("larder.enabled=false", "larder.caches.quotes.ttl=1m")
                .run(context -> assertThat(output).doesNotContain(NOT_ENABLED).doesNotContain(NO_EFFECT));
    }

    @Test
    void inUseIsNoReasonToWarn(CapturedOutput output) {
        runner.withPropertyValues("larder.caches.quotes.ttl=1m")
                .run(context -> assertThat(output).doesNotContain(NOT_ENABLED).doesNotContain(NO_EFFECT));
    }

    @Test
    void managerOfTheApplicationIsNamed(CapturedOutput output) {
        runner.withBean("myCaches", CacheManager.class, ConcurrentMapCacheManager::new)
                .withPropertyValues("larder.caches.quotes.ttl=1m")
                .run(context -> assertThat(output)
                        .containsOnlyOnce(NO_EFFECT + ": the bean 'myCaches' takes the place")
                        .contains("INFO"));
    }

    @Test
    void cacheResolverIsNamed(CapturedOutput output) {
        runner.withUserConfiguration(LarderAutoConfigurationTests.OwnResolver.class)
                .withPropertyValues("larder.caches.quotes.ttl=1m")
                .run(context -> assertThat(output).contains(NO_EFFECT + ": the bean 'cacheResolver' takes the place"));
    }

    @Test
    void springCacheTypeIsNamed(CapturedOutput output) {
        runner.withPropertyValues("spring.cache.type=simple", "larder.caches.quotes.ttl=1m")
                .run(context -> assertThat(output).contains(NO_EFFECT + ": spring.cache.type=simple takes the place"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {}
}
