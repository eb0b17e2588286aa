package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import dev.larder.store.log.LogStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Caches of type sharded in applications that start, end and start again. */
@Timeout(60)
class ShardedCachesTests {

    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ApplicationContextRunner runner;

    @BeforeEach
    void useDirectory() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LarderAutoConfiguration.class, CacheAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "larder.directory=" + directory.resolve("larder"), "larder.caches.prices.type=sharded");
    }

    @Test
    void valuesAreThereWithTheirTypesAfterARestart() {
        assertThat(prices(runner, "a b", 1)).isEqualTo(List.of(new Price("a b", new BigDecimal("1.50"))));
        assertThat(prices(runner, "a b", 0)).isEqualTo(List.of(new Price("a b", new BigDecimal("1.50"))));
    }

    @Test
    void valuesAreReadAtTheStartIfToldSo() {
        prices(runner, "a", 1);
        runner.run(
                context -> assertThat(cache(context).stats().store().weight()).isZero());
        runner.withPropertyValues("larder.caches.prices.open-at-start=true")
                .run(context ->
                        assertThat(cache(context).stats().store().weight()).isPositive());
    }

    @Test
    void nullIsThereAfterARestart() {
        assertThat(prices(runner, "null", 1)).isNull();
        assertThat(prices(runner, "null", 0)).isNull();
    }

    @Test
    void clearedValueIsNotThereAfterARestart() {
        prices(runner, "a", 1);
        runner.run(context -> cache(context).clear());
        prices(runner, "a", 1);
    }

    @Test
    void twoContextsShareTheOpenStore() {
        runner.run(first -> {
            cache(first).put("k", List.of());
            runner.run(second -> {
                assertThat(cache(second).get("k")).isNotNull();
                cache(second).evict("k");
            });
            assertThat(cache(first).get("k")).isNull();
            cache(first).put("k", List.of());
            assertThat(cache(first).get("k")).isNotNull();
        });
    }

    @Test
    void valuesAreNotReadableOnDiskWhereThereIsAKey() throws IOException {
        ApplicationContextRunner encrypting =
                runner.withPropertyValues("larder.encryption.current-key=k1", "larder.encryption.keys.k1=" + KEY);
        prices(encrypting, "secret-name", 1);
        prices(encrypting, "secret-name", 0);

        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("1.50");
            }
        }
    }

    @Test
    void keysAreChangedWithoutLosingEntries() {
        String first = "larder.encryption.keys.k1=" + KEY;
        String second = "larder.encryption.keys.k2=" + KEY.replace('A', 'C');
        ApplicationContextRunner before = runner.withPropertyValues("larder.encryption.current-key=k1", first);
        ApplicationContextRunner during = runner.withPropertyValues("larder.encryption.current-key=k2", first, second);
        ApplicationContextRunner after = runner.withPropertyValues("larder.encryption.current-key=k2", second);

        List<Price> old = prices(before, "old", 1);
        assertThat(prices(during, "old", 0)).isEqualTo(old);
        List<Price> fresh = prices(during, "fresh", 1);
        assertThat(prices(after, "fresh", 0)).isEqualTo(fresh);
        assertThat(prices(after, "old", 1)).as("loaded anew").isEqualTo(old);
        assertThat(prices(after, "old", 0)).isEqualTo(old);
        assertThat(prices(runner, "fresh", 1)).as("without keys").isEqualTo(fresh);
    }

    @Test
    void smallBoundHasFewerShards() {
        runner.withPropertyValues("larder.caches.prices.max-size=20MB").run(context -> {
            assertThat(cache(context).stats().log()).isNotNull();
            for (int i = 0; i < 200; i++) {
                cache(context).put(i, List.of(new Price("x".repeat(200_000), BigDecimal.ONE)));
            }
            assertThat(cache(context).stats().store().weight()).isBetween(1L, 21L << 20);
        });
    }

    @Test
    void figuresOfTheLogAreMeters() {
        runner.withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CacheMetricsAutoConfiguration.class,
                        LarderMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .run(context -> {
                    cache(context).put("k", List.of());
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    LogStats log = Objects.requireNonNull(cache(context).stats().log());
                    assertThat(registry.get("cache.segments").gauge().value())
                            .as("the one in writing, and perhaps the one in reserve already")
                            .isIn(1.0, 2.0);
                    assertThat(registry.get("cache.log.bytes")
                                    .tag("state", "live")
                                    .gauge()
                                    .value())
                            .isEqualTo(log.liveBytes())
                            .isPositive();
                    assertThat(registry.get("cache.write.amplification").gauge().value())
                            .isEqualTo(1);
                    assertThat(registry.get("cache.read.only").gauge().value()).isZero();
                    assertThat(registry.get("cache.recovery.duration")
                                    .timeGauge()
                                    .value())
                            .isNotNegative();
                });
    }

    private static @Nullable List<Price> prices(ApplicationContextRunner runner, String name, int computed) {
        AtomicReference<@Nullable List<Price>> result = new AtomicReference<>();
        runner.run(context -> {
            result.set(context.getBean(Prices.class).of(name));
            assertThat(context.getBean(Prices.class).computed()).isEqualTo(computed);
        });
        return result.get();
    }

    private static LarderCache cache(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean(LarderCacheManager.class).getLarderCache("prices"));
    }

    record Price(String name, BigDecimal amount) {}

    static class Prices {

        private final AtomicInteger computed = new AtomicInteger();

        int computed() {
            return computed.get();
        }

        @Cacheable("prices")
        public @Nullable List<Price> of(String name) {
            computed.incrementAndGet();
            return name.equals("null") ? null : List.of(new Price(name, new BigDecimal("1.50")));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @AutoConfigurationPackage
    static class Application {

        @Bean
        Prices prices() {
            return new Prices();
        }
    }
}
