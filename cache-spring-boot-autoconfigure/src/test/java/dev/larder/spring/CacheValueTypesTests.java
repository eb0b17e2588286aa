package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class CacheValueTypesTests {

    private static final String PRODUCT = Product.class.getName();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    plain     | P
                    list      | java.util.List<P>
                    map       | java.util.Map<java.lang.String, java.math.BigDecimal>
                    optional  | P
                    future    | java.util.List<P>
                    mono      | P
                    flux      | java.util.List<P>
                    primitive | java.lang.Integer
                    put       | P
                    both      | P
                    meta      | P
                    grouped   | P
                    class     | P
                    generic   | java.util.List<P>
                    inherited | P
                    interface | P
                    disagree  | null
                    differ    | null
                    three     | null
                    resolver  | null
                    void      | null
                    evict     | null
                    unknown   | null
                    """)
    void typeIsTheDeclaredOne(String cache, String type) {
        CacheValueTypes types = types(
                Service.class, Configured.class, GenericImplementation.class, OnInterface.class, Implementation.class);
        String expected = type.replaceAll("\\bP\\b", Matcher.quoteReplacement(PRODUCT));
        Type found = types.of(cache);
        assertThat(found == null ? "null" : found.getTypeName()).isEqualTo(expected);
    }

    @Test
    void beansAreNotCreated() {
        CacheValueTypes types = types(Uncreatable.class);
        assertThat(types.of("uncreatable")).isEqualTo(Product.class);
    }

    @Test
    void beanWhoseClassIsMissingIsPassedOver() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        RootBeanDefinition broken = new RootBeanDefinition();
        broken.setBeanClassName("com.example.Gone");
        beans.registerBeanDefinition("broken", broken);
        beans.registerBeanDefinition("service", new RootBeanDefinition(Service.class));
        assertThat(new CacheValueTypes(beans).of("plain")).isEqualTo(Product.class);
    }

    @Test
    void classesBehindProxiesAreFound() {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(Proxied.class, Implementation.class, Service.class)) {
            assertThat(context.getBean(Contract.class).getClass().getName()).contains("$Proxy");
            CacheValueTypes types = new CacheValueTypes(context.getBeanFactory());
            assertThat(types.of("implementation")).isEqualTo(Product.class);
            assertThat(types.of("plain")).isEqualTo(Product.class);
        }
    }

    @Test
    void lazyBeansAreFoundAndStayLazy() {
        Uncreatable.created = false;
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(LazyConfiguration.class)) {
            assertThat(new CacheValueTypes(context.getBeanFactory()).of("uncreatable"))
                    .isEqualTo(Product.class);
            assertThat(Uncreatable.created).isFalse();
        }
    }

    private static CacheValueTypes types(Class<?>... classes) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        for (Class<?> type : classes) {
            beans.registerBeanDefinition(type.getName(), new RootBeanDefinition(type));
        }
        return new CacheValueTypes(beans);
    }

    record Product(String name) {}

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Cacheable("meta")
    @interface Products {}

    static class Service {

        @Cacheable("plain")
        public Product plain() {
            return null;
        }

        @Cacheable("list")
        public List<Product> list() {
            return null;
        }

        @Cacheable("map")
        public Map<String, BigDecimal> map() {
            return null;
        }

        @Cacheable("optional")
        public Optional<Product> optional() {
            return Optional.empty();
        }

        @Cacheable("future")
        public CompletableFuture<List<Product>> future() {
            return null;
        }

        @Cacheable("mono")
        public Mono<Product> mono() {
            return null;
        }

        @Cacheable("flux")
        public Flux<Product> flux() {
            return null;
        }

        @Cacheable("primitive")
        public int primitive() {
            return 0;
        }

        @CachePut("put")
        public Product put() {
            return null;
        }

        @Cacheable({"both", "disagree"})
        public Product both() {
            return null;
        }

        @CachePut("both")
        public Optional<Product> bothAsWell() {
            return Optional.empty();
        }

        @Cacheable("disagree")
        public List<Product> disagree() {
            return null;
        }

        @Cacheable("differ")
        public List<Product> differ() {
            return null;
        }

        @Cacheable("differ")
        public List<String> differAsWell() {
            return null;
        }

        @Cacheable("three")
        public Product three() {
            return null;
        }

        @Cacheable("three")
        public List<Product> threeAsList() {
            return null;
        }

        @Cacheable("three")
        public String threeAsText() {
            return null;
        }

        @Products
        public Product meta() {
            return null;
        }

        @Caching(cacheable = @Cacheable("grouped"), evict = @CacheEvict("evict"))
        public Product grouped() {
            return null;
        }

        @Cacheable(cacheNames = "resolver", cacheResolver = "some")
        public Product resolver() {
            return null;
        }

        @Cacheable("void")
        public void nothing() {}

        @CacheEvict("evict")
        public Product evict() {
            return null;
        }
    }

    @CacheConfig(cacheNames = "class")
    static class Configured {

        @Cacheable
        public Product get() {
            return null;
        }
    }

    abstract static class GenericBase<T> {

        @Cacheable("generic")
        public List<T> all() {
            return null;
        }

        @Cacheable("inherited")
        public T one() {
            return null;
        }
    }

    static class GenericImplementation extends GenericBase<Product> {}

    interface OnInterface {

        @Cacheable("interface")
        Product get();
    }

    interface Contract {
        Product get();
    }

    static class Implementation implements Contract {

        @Override
        @Cacheable("implementation")
        public Product get() {
            return null;
        }
    }

    @EnableCaching
    @Configuration(proxyBeanMethods = false)
    static class Proxied {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyConfiguration {

        @Bean
        @Lazy
        Uncreatable uncreatable() {
            return new Uncreatable();
        }
    }

    static class Uncreatable {

        static boolean created;

        Uncreatable() {
            created = true;
            throw new IllegalStateException("created");
        }

        @Cacheable("uncreatable")
        public Product get() {
            return null;
        }
    }
}
