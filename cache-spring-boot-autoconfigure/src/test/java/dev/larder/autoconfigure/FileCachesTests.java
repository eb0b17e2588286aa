package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.spring.LarderCache;
import dev.larder.spring.LarderCacheManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;

/** Caches whose values are files. */
class FileCachesTests {

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
                        "larder.defaults.type=disk",
                        "larder.defaults.codec=file");
    }

    @Test
    void pathOfTheStoredFileComesBackAlsoToTheFirstCaller() {
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);
            Path first = contents.path("content");
            Path second = contents.path("content");

            assertThat(first)
                    .hasContent("content")
                    .startsWith(directory.resolve("larder"))
                    .isEqualTo(second);
            assertThat(contents.calls()).isEqualTo(1);
        });
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);
            assertThat(contents.path("content")).hasContent("content");
            assertThat(contents.calls()).isEqualTo(0);
        });
    }

    @Test
    void resourceComesBackAsAResourceOfTheStoredFile() {
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);

            for (int i = 0; i < 2; i++) {
                Resource resource = contents.resource("content");
                assertThat(resource).isInstanceOf(FileSystemResource.class);
                assertThat(resource.getContentAsString(StandardCharsets.UTF_8)).isEqualTo("content");
            }
            assertThat(contents.calls()).isEqualTo(1);
        });
    }

    @Test
    void streamComesBackAsAStreamForEachCaller() {
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);

            for (int i = 0; i < 3; i++) {
                try (InputStream stream = contents.stream("content")) {
                    assertThat(stream).hasContent("content");
                }
            }
            assertThat(contents.calls()).isEqualTo(1);
        });
    }

    @Test
    void nullIsKept() {
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);

            for (int i = 0; i < 2; i++) {
                assertThat(contents.path("null")).isNull();
                assertThat(contents.resource("null")).isNull();
                assertThat(contents.stream("null")).isNull();
            }
            assertThat(contents.calls()).isEqualTo(3);
        });
    }

    @Test
    void emptyFileIsNotNull() {
        runner.run(context -> {
            Contents contents = context.getBean(Contents.class);

            assertThat(contents.path("")).isEmptyFile();
            assertThat(contents.path("")).isEmptyFile();
            assertThat(contents.calls()).isEqualTo(1);
        });
    }

    @Test
    void everyKindOfFileCanBePut() {
        runner.run(context -> {
            LarderCache cache = cache(context, "paths");
            Path file = Files.writeString(directory.resolve("mine"), "content");
            Object[] values = {
                file, file.toFile(), new FileSystemResource(file), bytes(), new InputStreamResource(bytes())
            };

            for (Object value : values) {
                cache.put("k", value);
                assertThat(cache.get("k", Path.class)).hasContent("content").isNotEqualTo(file);
                assertThat(cache.pop("k")).isNotNull();
                assertThat(cache.putIfAbsent("k", new ByteArrayResource(new byte[] {'x'})))
                        .isNull();
                cache.evict("k");
            }
            assertThat(file).hasContent("content");
            assertThat(cache.stats().failures()).isZero();
        });
    }

    @Test
    void whatIsNoFileIsReturnedAndNotKept() {
        runner.run(context -> {
            LarderCache cache = cache(context, "paths");

            assertThat(cache.<Object>get("k", () -> 7)).isEqualTo(7);
            assertThat(cache.contains("k")).isFalse();
            assertThat(cache.stats().failuresByKind()).containsOnlyKeys("encode");
        });
    }

    @Test
    void streamThatBreaksOffFailsTheLoadAndKeepsNothing() {
        runner.run(context -> {
            LarderCache cache = cache(context, "streams");

            assertThatThrownBy(() -> cache.get("k", BrokenStream::new)).hasRootCauseMessage("broke off");
            assertThat(cache.contains("k")).isFalse();
            assertThat(cache.<InputStream>get("k", FileCachesTests::bytes)).hasContent("content");
        });
    }

    @Test
    void valueThatCannotBeStoredStillReachesTheCaller() {
        runner.withPropertyValues("larder.defaults.max-size=1B").run(context -> {
            Contents contents = context.getBean(Contents.class);

            try (InputStream stream = contents.stream("content")) {
                assertThat(stream).hasContent("content");
            }
            assertThat(contents.path("content")).hasContent("content");
            assertThat(contents.resource("content").getContentAsString(StandardCharsets.UTF_8))
                    .isEqualTo("content");
            assertThat(contents.calls()).isEqualTo(3);
        });
    }

    @Test
    void payloadsAreWithinTheCacheAndNothingIsLeftInTheTemporaryDirectory() throws IOException {
        long before = spools();
        runner.run(context -> {
            context.getBean(Contents.class).stream("content").close();
            cache(context, "paths").put("k", bytes());
        });

        assertThat(spools()).isEqualTo(before);
    }

    private static long spools() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".spool")).count();
        }
    }

    private static InputStream bytes() {
        return new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8));
    }

    private static LarderCache cache(ApplicationContext context, String name) {
        LarderCache cache = context.getBean(LarderCacheManager.class).getLarderCache(name);
        assertThat(cache).isNotNull();
        return cache;
    }

    /** Fails in the middle. */
    private static final class BrokenStream extends InputStream {

        private boolean read;

        @Override
        public int read() throws IOException {
            if (read) {
                throw new IOException("broke off");
            }
            read = true;
            return 'c';
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {

        @Bean
        Contents contents() {
            return new Contents();
        }
    }

    /** Gives its argument as content. */
    static class Contents {

        private final AtomicInteger calls = new AtomicInteger();

        int calls() {
            return calls.get();
        }

        @Cacheable(cacheNames = "paths", sync = true)
        public @Nullable Path path(String content) {
            if (isNull(content)) {
                return null;
            }
            try {
                Path file = Files.createTempFile("test", ".txt");
                file.toFile().deleteOnExit();
                return Files.writeString(file, content);
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Cacheable(cacheNames = "resources", sync = true)
        public @Nullable Resource resource(String content) {
            return isNull(content) ? null : new ByteArrayResource(content.getBytes(StandardCharsets.UTF_8));
        }

        @Cacheable(cacheNames = "streams", sync = true)
        public @Nullable InputStream stream(String content) {
            return isNull(content) ? null : new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        }

        private boolean isNull(String content) {
            calls.incrementAndGet();
            return content.equals("null");
        }
    }
}
