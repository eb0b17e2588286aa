package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import dev.larder.store.Encryption;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Caches on disk in applications that start, end and start again. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class DiskCachesTests {

    private static final String KEY_1 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static final String KEY_2 = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

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
                        "larder.directory=" + directory.resolve("larder"),
                        "larder.caches.prices.type=disk",
                        "larder.caches.texts.type=disk");
    }

    @Test
    void valuesAreThereWithTheirTypesAfterARestart() {
        List<Price> before = prices(runner, "a b", 1);
        List<Price> after = prices(runner, "a b", 0);

        assertThat(after).isEqualTo(before).isEqualTo(List.of(new Price("a b", new BigDecimal("1.50"))));
    }

    @Test
    void nullIsThereAfterARestart() {
        assertThat(prices(runner, "null", 1)).isNull();
        assertThat(prices(runner, "null", 0)).isNull();
    }

    @Test
    void anotherNamespaceStartsEmptyAndTheFirstIsStillThere() {
        prices(runner, "a", 1);
        prices(runner.withPropertyValues("larder.namespace=Release/7"), "a", 1);
        prices(runner.withPropertyValues("larder.namespace=release/7"), "a", 1);
        prices(runner.withPropertyValues("larder.namespace=Release/7"), "a", 0);
        prices(runner, "a", 0);
    }

    @Test
    void hostileNamesOfCachesHaveDirectoriesOfTheirOwnInsideOfTheRoot() throws IOException {
        List<String> names =
                List.of("..", "../prices", "a/b", "Prices", "pRices", "@prices", "", ".", "con", "x".repeat(300));
        runner.withPropertyValues("larder.defaults.type=disk", "larder.namespace=prices")
                .run(context -> {
                    for (String name : names) {
                        cache(context, name).put("k", name);
                    }
                    for (String name : names) {
                        assertThat(cache(context, name).get("k", String.class)).isEqualTo(name);
                    }
                });

        try (Stream<Path> outside = Files.list(directory);
                Stream<Path> inside = Files.list(directory.resolve("larder/@prices"))) {
            assertThat(outside).containsExactly(directory.resolve("larder"));
            assertThat(inside).hasSize(names.size() + 2);
        }
    }

    @Test
    void twoContextsShareADirectoryAndALoad() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        runner.run(first -> runner.run(second -> {
            FutureTask<@Nullable String> load =
                    new FutureTask<>(() -> cache(first, "texts").get("k", () -> {
                        loading.countDown();
                        goOn.await();
                        return "of the first";
                    }));
            new Thread(load).start();
            loading.await();
            FutureTask<@Nullable String> wait =
                    new FutureTask<>(() -> cache(second, "texts").get("k", () -> "of the second"));
            new Thread(wait).start();
            while (cache(second, "texts").stats().loadWaits() == 0) {
                Thread.onSpinWait();
            }
            goOn.countDown();

            assertThat(load.get()).isEqualTo("of the first");
            assertThat(wait.get()).isEqualTo("of the first");
            assertThat(cache(second, "texts").stats().loadSuccesses()).isZero();
        }));
    }

    @Test
    void loadDoesNotWaitForAnotherProcessLongerThanSaid() {
        runner.withPropertyValues("larder.caches.texts.load-wait=10ms")
                .run(first -> runner.withPropertyValues("larder.caches.texts.load-wait=10ms")
                        .run(second -> {
                            String own = cache(first, "texts")
                                    .get(
                                            "k",
                                            () -> "outer "
                                                    + cache(second, "texts").get("k", () -> "inner"));

                            assertThat(own).isEqualTo("outer inner");
                            assertThat(cache(second, "texts").stats().loadWaits())
                                    .isEqualTo(1);
                        }));
    }

    @Test
    void closedContextLeavesAWorkingCacheToOthers() {
        runner.run(first -> {
            runner.run(second -> cache(second, "texts").put("a", "of the second"));
            assertThat(cache(first, "texts").get("a", String.class)).isEqualTo("of the second");
            cache(first, "texts").put("b", "of the first");
        });
        runner.run(third ->
                assertThat(cache(third, "texts").get("b", String.class)).isEqualTo("of the first"));
    }

    @Test
    void withoutABoundThereIsOneOfAGigabyte() {
        assertThat(SettingsCheck.DEFAULT_MAX_BYTES).isEqualTo(1024L * 1024 * 1024);
    }

    @Test
    void maxEntriesBounds() {
        runner.withPropertyValues("larder.caches.texts.max-entries=2").run(context -> {
            LarderCache cache = cache(context, "texts");
            cache.put("a", "1");
            cache.put("b", "1");
            cache.put("c", "1");

            assertThat(cache.contains("c")).isTrue();
            assertThat(cache.stats().store().size()).isEqualTo(2);
        });
    }

    @Test
    void maxSizeBoundsBytesOnDisk() {
        runner.withPropertyValues("larder.caches.texts.max-size=10KB").run(context -> {
            LarderCache cache = cache(context, "texts");
            for (int i = 0; i < 20; i++) {
                cache.put(i, "x".repeat(2000));
                assertThat(cache.stats().store().weight()).isLessThanOrEqualTo(10 * 1024);
            }
            assertThat(cache.contains(19)).isTrue();
        });
    }

    @Test
    void encryptedValuesAreNotOnDiskAndOlderKeysStillRead() throws IOException {
        ApplicationContextRunner withOneKey =
                runner.withPropertyValues("larder.encryption.current-key=k1", "larder.encryption.keys.k1=" + KEY_1);
        ApplicationContextRunner withBoth = runner.withPropertyValues(
                "larder.encryption.current-key=k2",
                "larder.encryption.keys.k1=" + KEY_1,
                "larder.encryption.keys.k2=" + KEY_2);
        withOneKey.run(context -> cache(context, "texts").put("k", "very secret"));
        assertThat(onDisk()).noneMatch(text -> text.contains("very secret"));
        withBoth.run(context -> {
            assertThat(cache(context, "texts").get("k", String.class)).isEqualTo("very secret");
            cache(context, "texts").put("k2", "newer");
        });
        withOneKey.run(context -> {
            assertThat(cache(context, "texts").get("k", String.class)).isEqualTo("very secret");
            assertThat(cache(context, "texts").get("k2")).isNull();
        });
    }

    @Test
    void encryptionBeanEncrypts() throws IOException {
        runner.withBean(Encryption.class, () -> Encryption.of("k", Map.of("k", new byte[32])))
                .run(context -> cache(context, "texts").put("k", "very secret"));

        assertThat(onDisk()).isNotEmpty().noneMatch(text -> text.contains("very secret"));
    }

    @Test
    void cacheThatSaysSoIsNotEncrypted() throws IOException {
        runner.withBean(Encryption.class, () -> Encryption.of("k", Map.of("k", new byte[32])))
                .withPropertyValues("larder.caches.texts.encrypted=false")
                .run(context -> cache(context, "texts").put("k", "for all to read"));

        assertThat(onDisk()).anyMatch(text -> text.contains("for all to read"));
    }

    @Test
    void compressedValuesAreSmallerAndComeBack() {
        long plain = weight(runner);
        long compressed = weight(
                runner.withPropertyValues("larder.namespace=compressed", "larder.caches.texts.compression=deflate"));

        assertThat(compressed).isLessThan(plain / 10);
    }

    @Test
    void keyOfAnUnknownClassIsLoadedEachTimeAndLoggedOnce(CapturedOutput output) {
        runner.run(context -> {
            Prices prices = context.getBean(Prices.class);
            prices.of(new Object());
            prices.of(new Object());

            assertThat(prices.calls()).isEqualTo(2);
            assertThat(output.getAll().split("does not keep entries with a key of java.lang.Object", -1))
                    .hasSize(2);
            assertThat(output).contains("KeyCodec");
        });
    }

    @Test
    void damagedEntryIsLoadedAnew() throws IOException {
        prices(runner, "a", 1);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains("entries"))
                    .toList()) {
                Files.writeString(file, "nothing of ours");
            }
        }

        prices(runner, "a", 1);
        prices(runner, "a", 0);
    }

    private long weight(ApplicationContextRunner from) {
        long[] weight = new long[1];
        from.run(context -> {
            LarderCache cache = cache(context, "texts");
            cache.put("k", "x".repeat(20_000));
            assertThat(cache.get("k", String.class)).isEqualTo("x".repeat(20_000));
            weight[0] = cache.stats().store().weight();
        });
        return weight[0];
    }

    /** Starts the application, asks, checks how often the method ran, and ends the application. */
    private static @Nullable List<Price> prices(ApplicationContextRunner from, String key, int calls) {
        AtomicInteger ran = new AtomicInteger(-1);
        List<@Nullable List<Price>> result = new ArrayList<>();
        from.run(context -> {
            Prices prices = context.getBean(Prices.class);
            result.add(prices.of(key));
            ran.set(prices.calls());
        });
        assertThat(ran).hasValue(calls);
        return result.get(0);
    }

    private static LarderCache cache(ApplicationContext context, String name) {
        LarderCache cache = context.getBean(LarderCacheManager.class).getLarderCache(name);
        assertThat(cache).isNotNull();
        return cache;
    }

    private List<String> onDisk() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file, StandardCharsets.ISO_8859_1);
                        } catch (IOException ex) {
                            throw new AssertionError(ex);
                        }
                    })
                    .toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @AutoConfigurationPackage
    static class Application {

        @Bean
        Prices priceService() {
            return new Prices();
        }
    }

    record Price(String name, BigDecimal amount) {}

    /** Counts its calls. */
    static class Prices {

        private final AtomicInteger calls = new AtomicInteger();

        int calls() {
            return calls.get();
        }

        @Cacheable(cacheNames = "prices", sync = true)
        public @Nullable List<Price> of(Object key) {
            calls.incrementAndGet();
            return key.equals("null") ? null : List.of(new Price(key.toString(), new BigDecimal("1.50")));
        }
    }
}
