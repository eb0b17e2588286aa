package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application on a class path that really lacks what is optional. */
class OptionalDependenciesTests {

    private static final Pattern OPTIONAL = Pattern.compile(
            ".*(caffeine|micrometer-core|micrometer-metrics|actuator|spring-tx|reactor|jackson|lz4|zstd|test)[^/]*\\.jar");

    @Test
    void applicationStartsWithoutAnythingOptional() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            if (!OPTIONAL.matcher(element).matches()) {
                classPath.add(Path.of(element).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Object value = loader.loadClass(Application.class.getName())
                    .getMethod("putAndGet")
                    .invoke(null);

            assertThat(value).isEqualTo("dev.larder.spring.LarderCacheManager value");
            assertThat(loader.getResource("io/micrometer/core/instrument/MeterRegistry.class"))
                    .isNull();
            assertThat(loader.getResource("tools/jackson/databind/ObjectMapper.class"))
                    .isNull();
            assertThat(loader.getResource("com/github/benmanes/caffeine/cache/Caffeine.class"))
                    .isNull();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Loaded by the class loader above. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    public static class Application {

        /** Runs an application, and returns what its cache manager is and what its cache gives back. */
        public static String putAndGet() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .run("--larder.caches.quotes.ttl=1m")) {
                CacheManager manager = context.getBean(CacheManager.class);
                manager.getCache("quotes").put("key", "value");
                return manager.getClass().getName() + " "
                        + manager.getCache("quotes").get("key", String.class);
            }
        }
    }
}
