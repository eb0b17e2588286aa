package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application whose classes are loaded anew while its libraries stay, as DevTools does it. */
class RestartedClassLoaderTests {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void valuesFromBeforeAreOfTheNewClasses() throws Exception {
        assertThat(start("json")).isEqualTo("1 Price[name=pen, cents=150] true");
        assertThat(start("json")).isEqualTo("0 Price[name=pen, cents=150] true");
    }

    @Test
    void serializedValuesFromBeforeAreOfTheNewClasses() throws Exception {
        assertThat(start("java")).isEqualTo("1 Price[name=pen, cents=150] true");
        assertThat(start("java")).isEqualTo("0 Price[name=pen, cents=150] true");
    }

    private Object start(String codec) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader restarted = new RestartedClassLoader(getClass().getClassLoader());
        try {
            thread.setContextClassLoader(restarted);
            return restarted
                    .loadClass(Application.class.getName())
                    .getMethod("firstPrice", String.class, String.class)
                    .invoke(null, directory.toString(), codec);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Loads the application itself, and leaves all else to its parent. */
    private static final class RestartedClassLoader extends ClassLoader {

        RestartedClassLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }
    }

    /** Loaded by the class loader above. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    public static class Application {

        /** How often the price was computed, the price, and whether it is of the class that is loaded now. */
        public static String firstPrice(String directory, String codec) {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .run(
                            "--larder.directory=" + directory,
                            "--larder.caches.prices.type=disk",
                            "--larder.caches.prices.codec=" + codec)) {
                Prices prices = context.getBean(Prices.class);
                Object price = prices.all().get(0);
                return prices.calls() + " " + price + " " + (price.getClass() == Price.class);
            }
        }

        @Bean
        Prices prices() {
            return new Prices();
        }

        /** A value of the application. */
        public record Price(String name, int cents) implements Serializable {}

        /** Counts its calls. */
        public static class Prices {

            private final AtomicInteger calls = new AtomicInteger();

            public int calls() {
                return calls.get();
            }

            @Cacheable(cacheNames = "prices", sync = true)
            public List<Price> all() {
                calls.incrementAndGet();
                return List.of(new Price("pen", 150));
            }
        }
    }
}
