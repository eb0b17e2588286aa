package dev.larder.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import dev.larder.store.KeyCodec;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.support.NullValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.PropertyNamingStrategies;

class ValueCodecsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
            .withUserConfiguration(Application.class);

    @Test
    void jsonOfTheDeclaredTypeIsTheDefault() {
        run(codecs -> {
            Codec<Object> codec = codecs.codec("larder.caches.products", "products", null, null);
            assertThat(text(codec, List.of(new Product("pen")))).isEqualTo("[{\"NAME\":\"pen\"}]");
        });
    }

    @Test
    void classesOfTheApplicationAreTrusted() {
        run(codecs -> {
            Codec<Object> codec = codecs.codec("larder.caches.other", "other", "json", null);
            byte[] bytes = codec.encode(new Product("pen"));
            assertThat(new String(bytes, UTF_8)).contains("\"@class\"");
            assertThat(codec.decode(bytes)).isEqualTo(new Product("pen"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "cbor", "java"})
    void otherClassesAreNot(String name) {
        run(codecs -> assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec("key", "other", name, null).encode(DataSize.ofBytes(1))));
    }

    @Test
    void trustedPackagesAreAdded() {
        runner.run(context -> {
            ValueCodecs codecs = new ValueCodecs(context.getBeanFactory(), List.of("org.springframework.util.unit"));
            Codec<Object> codec = codecs.codec("key", "other", "java", null);
            Object size = DataSize.ofBytes(1);
            assertThat(codec.decode(codec.encode(size))).isEqualTo(size);
        });
    }

    @Test
    void valueTypeComesBeforeTheDeclaredOne() {
        run(codecs -> {
            Codec<Object> codec = codecs.codec("key", "products", "json", Product.class.getName());
            assertThat(text(codec, new Product("pen"))).isEqualTo("{\"NAME\":\"pen\"}");
        });
    }

    @Test
    void valueTypeThatIsNotThereIsRefused() {
        run(codecs -> assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                .isThrownBy(() -> codecs.codec("larder.caches.a", "a", "json", "com.example.Gone"))
                .withMessageContaining("larder.caches.a.value-type"));
    }

    @Test
    void everyCodecTakesNull() {
        run(codecs -> {
            for (String name : List.of("json", "cbor", "java", "bytes", "mine")) {
                Codec<Object> codec = codecs.codec("key", "products", name, null);
                assertThat(codec.decode(codec.encode(NullValue.INSTANCE))).isEqualTo(NullValue.INSTANCE);
            }
        });
    }

    @Test
    void codecMayBeABean() {
        run(codecs -> {
            Codec<Object> codec = codecs.codec("key", "any", "mine", null);
            assertThat(text(codec, "a")).isEqualTo("\na");
            assertThat(codec.decode(codec.encode("a"))).isEqualTo("a");
        });
    }

    @Test
    void unknownNamesAreRefused() {
        run(codecs -> {
            assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                    .isThrownBy(() -> codecs.codec("larder.caches.a", "a", "xml", null))
                    .withMessageContaining("larder.caches.a.codec");
            assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                    .isThrownBy(() -> codecs.compression("larder.caches.a", "gzip"))
                    .withMessageContaining("larder.caches.a.compression");
        });
    }

    @Test
    void missingLibrariesAreNamed() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("tools.jackson", "net.jpountz", "com.github.luben"))
                .run(context -> {
                    ValueCodecs codecs = new ValueCodecs(context.getBeanFactory(), List.of());
                    for (String name : List.of("json", "cbor")) {
                        assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                                .isThrownBy(() -> codecs.codec("key", "a", name, null))
                                .withMessageContaining("key.codec");
                    }
                    for (String name : List.of("lz4", "zstd")) {
                        assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                                .isThrownBy(() -> codecs.compression("key", name))
                                .withMessageContaining("key.compression");
                    }
                    assertThat(codecs.compression("key", "deflate").mark()).isEqualTo((byte) 'd');
                    assertThat(codecs.codec("key", "a", "java", null).encode("a"))
                            .isNotEmpty();
                });
    }

    @Test
    void compressionsAreThere() {
        run(codecs -> assertThat(List.of("deflate", "lz4", "zstd"))
                .extracting(name -> (char) codecs.compression("key", name).mark())
                .containsExactly('d', 'l', 'z'));
    }

    @Test
    void packagesThatAreNoneAreRefused() {
        runner.run(context -> assertThatExceptionOfType(InvalidLarderConfigurationException.class)
                .isThrownBy(() -> new ValueCodecs(context.getBeanFactory(), List.of("com.example.*")))
                .withMessageContaining("larder.trusted-packages"));
    }

    @Test
    void keysUseTheBeansOfTheApplication() {
        run(codecs -> {
            assertThat(codecs.keys().encode("a")).isEqualTo("1-a");
            assertThat(codecs.keys().encode(Thread.currentThread())).startsWith("1:java.lang.Thread:");
        });
    }

    private void run(Consumer<ValueCodecs> test) {
        runner.run(context -> {
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            test.accept(new ValueCodecs(beans, List.of()));
        });
    }

    private static String text(Codec<Object> codec, Object value) {
        return new String(codec.encode(value), UTF_8);
    }

    record Product(String name) {}

    @AutoConfigurationPackage
    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Service service() {
            return new Service();
        }

        @Bean
        JsonMapperBuilderCustomizer naming() {
            return builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE);
        }

        @Bean
        TextCodec mine() {
            return new TextCodec();
        }

        @Bean
        KeyCodec<Thread> threads() {
            return Thread::getName;
        }
    }

    static class Service {

        @Cacheable("products")
        public List<Product> products() {
            return List.of();
        }
    }
}
