package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Caches on disk in contexts that are stopped and started, as around a checkpoint. */
@Timeout(60)
class LifecycleTests {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private ApplicationContextRunner runner(String type) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LarderAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "larder.directory=" + directory,
                        "larder.caches.c.type=" + type,
                        "larder.caches.c.codec=java",
                        "larder.defaults.type=" + type,
                        "larder.defaults.codec=java");
    }

    private static LarderCache cache(ApplicationContext context, String name) {
        return Objects.requireNonNull(context.getBean(LarderCacheManager.class).getLarderCache(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "disk"})
    void stoppedCacheMissesAndIsWarmWhenItStarts(String type) {
        runner(type).run(context -> {
            Cache cache = Objects.requireNonNull(
                    context.getBean(LarderCacheManager.class).getCache("c"));
            cache.put("k", "v");
            context.stop();
            assertThat(cache.get("k")).isNull();
            cache.put("other", "lost");
            assertThat(cache.get("other")).isNull();
            assertThat(cache.<String>get("loaded", () -> "by hand")).isEqualTo("by hand");
            assertThat(cache.evictIfPresent("absent")).isFalse();
            context.start();
            assertThat(cache.get("k", String.class)).isEqualTo("v");
            assertThat(cache.get("other")).isNull();
            cache.put("other", "kept");
            assertThat(cache.get("other", String.class)).isEqualTo("kept");
            assertThat(context.getBean(LarderCacheManager.class).getCache("c")).isSameAs(cache);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "disk"})
    void whatWasChangedWhileStoppedIsNoOldValueAfterwards(String type) {
        runner(type).run(context -> {
            LarderCache cache = cache(context, "c");
            for (String key : new String[] {"put", "evicted", "popped", "untouched"}) {
                cache.put(key, "old");
            }
            context.stop();
            cache.put("put", "new");
            cache.evict("evicted");
            cache.pop("popped");
            context.start();
            assertThat(cache.get("put")).isNull();
            assertThat(cache.get("evicted")).isNull();
            assertThat(cache.get("popped")).isNull();
            assertThat(cache.get("untouched", String.class)).isEqualTo("old");
            context.stop();
            cache.clear();
            context.start();
            assertThat(cache.get("untouched")).isNull();
        });
    }

    @Test
    void manyChangesWhileStoppedEmptyTheCache() {
        runner("sharded").run(context -> {
            LarderCache cache = cache(context, "c");
            cache.put(1_500, "old");
            context.stop();
            for (int i = 0; i < 2_000; i++) {
                cache.evict(i);
            }
            context.start();
            assertThat(cache.get(1_500)).isNull();
        });
    }

    @Test
    void directoryIsFreeWhileStopped() {
        runner("sharded").run(context -> {
            cache(context, "c").put("k", "v");
            context.stop();
            assertThat(isFree()).isTrue();
            context.start();
            assertThat(cache(context, "c").get("k", String.class)).isEqualTo("v");
        });
    }

    private boolean isFree() throws IOException {
        try (FileChannel lock = FileChannel.open(directory.resolve("c").resolve("lock"), StandardOpenOption.WRITE)) {
            return lock.tryLock(0, Long.MAX_VALUE, false) != null;
        }
    }

    @Test
    void countsGoOn() {
        runner("sharded").run(context -> {
            LarderCache cache = cache(context, "c");
            cache.put("k", "v");
            cache.get("k");
            context.stop();
            cache.get("k");
            context.start();
            cache.get("k");
            assertThat(cache.stats().store().hits()).isEqualTo(2);
            assertThat(cache.stats().store().puts()).isEqualTo(1);
            assertThat(cache.stats().store().size()).isEqualTo(1);
            assertThat(Objects.requireNonNull(cache.stats().log()).segments()).isPositive();
        });
    }

    @Test
    void cacheThatIsMadeWhileStoppedWorksWhenStarted() {
        runner("disk").run(context -> {
            context.stop();
            LarderCache made = cache(context, "made");
            made.put("k", "lost");
            assertThat(made.get("k")).isNull();
            context.start();
            made.put("k", "v");
            assertThat(made.get("k", String.class)).isEqualTo("v");
        });
    }

    @Test
    void beansThatStopLaterStillUseTheCache() {
        runner("sharded").withUserConfiguration(WithUser.class).run(context -> {
            cache(context, "c").put("k", "v");
            context.stop();
            assertThat(context.getBean(User.class).seen).isEqualTo("v");
            context.start();
            assertThat(context.getBean(User.class).seen).isEqualTo("v again");
        });
    }

    @Test
    void namedCacheIsOpenedAtTheStartAndAnotherAtItsFirstUse() {
        runner("sharded").run(context -> {
            assertThat(directory.resolve("c")).isDirectory();
            assertThat(directory.resolve("other")).doesNotExist();
            cache(context, "other").put("k", "v");
            assertThat(directory.resolve("other")).isDirectory();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "disk"})
    void noOldValueIsReadWhileItIsStoppedAndStarted(String type) {
        runner(type).run(context -> {
            LarderCache cache = cache(context, "c");
            AtomicBoolean end = new AtomicBoolean();
            AtomicReference<String> old = new AtomicReference<>("");
            Thread writer = new Thread(() -> {
                for (int i = 0; !end.get(); i++) {
                    cache.put("k", i);
                    Integer read = cache.get("k", Integer.class);
                    if (read != null && read != i) {
                        old.set(read + " after " + i);
                    }
                }
            });
            writer.start();
            try {
                for (int i = 0; i < 30; i++) {
                    context.stop();
                    context.start();
                }
            } finally {
                end.set(true);
                writer.join();
            }
            assertThat(old.get()).isEmpty();
        });
    }

    /** Uses the cache for as long as it runs. */
    static class User implements Lifecycle {

        private final LarderCacheManager caches;

        private boolean running = true;

        private String seen = "";

        User(LarderCacheManager caches) {
            this.caches = caches;
        }

        private String read() {
            return String.valueOf(
                    Objects.requireNonNull(caches.getLarderCache("c")).get("k", String.class));
        }

        @Override
        public void start() {
            running = true;
            seen = read() + " again";
        }

        @Override
        public void stop() {
            running = false;
            seen = read();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithUser {

        @Bean
        User user(LarderCacheManager caches) {
            return new User(caches);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {}
}
