package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring's annotations over Larder's caches. */
@SpringJUnitConfig
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@Timeout(30)
class CachingAnnotationTests {

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Service service;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LarderCacheManager manager;

    @Test
    void cacheableRunsOnceForEachKey() {
        assertThat(service.plain("a")).isEqualTo("a1");
        assertThat(service.plain("a")).isEqualTo("a1");
        assertThat(service.plain("b")).isEqualTo("b2");
    }

    @Test
    void cacheableKeepsNullAndEmpty() {
        assertThat(service.nothing("a")).isNull();
        assertThat(service.nothing("a")).isNull();
        assertThat(service.calls()).isEqualTo(1);
        assertThat(service.optional("b")).isEmpty();
        assertThat(service.optional("b")).isEmpty();
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void synchronizedCacheableRunsOnceAndKeepsNull() {
        assertThat(service.sync("a")).isEqualTo("a1");
        assertThat(service.sync("a")).isEqualTo("a1");
        assertThat(service.sync("null")).isNull();
        assertThat(service.sync("null")).isNull();
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void synchronizedCacheableThrowsWhatTheMethodThrew() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> service.syncBroken("a"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> service.syncBroken("a"));
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void synchronizedCacheableThatCallsItselfFailsAtOnce() {
        assertThatIllegalStateException()
                .isThrownBy(() -> service.syncRecursive("a"))
                .withMessageContaining("'a'")
                .withMessageContaining("'things'");
    }

    @Test
    void futureIsCachedByItsValue() throws Exception {
        assertThat(service.future("a").get()).isEqualTo("a1");
        assertThat(service.future("a").get()).isEqualTo("a1");
        assertThat(service.future("null").get()).isNull();
        assertThat(service.future("null").get()).isNull();
        assertThat(service.calls()).isEqualTo(2);
        assertThat(manager.getCache("things").get("a", String.class)).isEqualTo("a1");
    }

    @Test
    void synchronizedFutureIsCachedByItsValue() throws Exception {
        assertThat(service.syncFuture("a").get()).isEqualTo("a1");
        assertThat(service.syncFuture("a").get()).isEqualTo("a1");
        assertThat(service.syncFuture("null").get()).isNull();
        assertThat(service.syncFuture("null").get()).isNull();
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void synchronizedFutureThatFailsIsNotCached() {
        for (int i = 1; i <= 2; i++) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> service.syncFuture("broken").get())
                    .havingCause()
                    .isInstanceOf(IOException.class);
            assertThat(service.calls()).isEqualTo(i);
        }
    }

    @Test
    void monoIsCachedByItsValue() {
        assertThat(service.mono("a").block()).isEqualTo("a1");
        assertThat(service.mono("a").block()).isEqualTo("a1");
        assertThat(service.mono("null").block()).isNull();
        assertThat(service.mono("null").block()).isNull();
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void synchronizedMonoAndFluxAreCachedByTheirValues() {
        assertThat(service.syncMono("a").block()).isEqualTo("a1");
        assertThat(service.syncMono("a").block()).isEqualTo("a1");
        assertThat(service.syncFlux("b").collectList().block()).isEqualTo(List.of("b2", "b"));
        assertThat(service.syncFlux("b").collectList().block()).isEqualTo(List.of("b2", "b"));
        assertThat(service.calls()).isEqualTo(2);
    }

    @Test
    void cachePutReplacesAndCacheEvictRemoves() {
        service.plain("a");
        service.put("a");
        assertThat(service.plain("a")).isEqualTo("a2");
        service.evict("a");
        assertThat(service.plain("a")).isEqualTo("a3");
        service.evictAll();
        assertThat(service.plain("a")).isEqualTo("a4");
    }

    @Test
    void methodThatEvictsItsKeyWhileASynchronizedCacheableRunsWins() {
        assertThat(service.syncEvicted("a")).isEqualTo("a1");
        assertThat(service.sync("a")).isEqualTo("a2");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Config {

        @Bean
        LarderCacheManager cacheManager() {
            return new LarderCacheManager(
                    List.of("things"),
                    false,
                    name -> LarderCache.builder(name, CacheFixture.lruStore(new ManualClock()))
                            .build());
        }

        @Bean
        Service service(ObjectProvider<Service> self) {
            return new Service(self);
        }
    }

    /** Gives its argument and how often it was called. */
    static class Service {

        private final AtomicInteger calls = new AtomicInteger();

        private final ObjectProvider<Service> self;

        Service(ObjectProvider<Service> self) {
            this.self = self;
        }

        int calls() {
            return calls.get();
        }

        @Cacheable("things")
        public String plain(String key) {
            return key + calls.incrementAndGet();
        }

        @Cacheable("things")
        public @Nullable String nothing(String key) {
            calls.incrementAndGet();
            return null;
        }

        @Cacheable("things")
        public Optional<String> optional(String key) {
            calls.incrementAndGet();
            return Optional.empty();
        }

        @Cacheable(cacheNames = "things", sync = true)
        public @Nullable String sync(String key) {
            return value(key);
        }

        @Cacheable(cacheNames = "things", sync = true)
        public String syncBroken(String key) throws IOException {
            calls.incrementAndGet();
            throw new IOException("thrown on purpose");
        }

        @Cacheable(cacheNames = "things", sync = true)
        public @Nullable String syncRecursive(String key) {
            return self.getObject().syncRecursive(key);
        }

        @Cacheable(cacheNames = "things", sync = true)
        public @Nullable String syncEvicted(String key) {
            self.getObject().evict(key);
            return value(key);
        }

        @Cacheable("things")
        public CompletableFuture<@Nullable String> future(String key) {
            return CompletableFuture.completedFuture(value(key));
        }

        @Cacheable(cacheNames = "things", sync = true)
        public CompletableFuture<@Nullable String> syncFuture(String key) {
            String value = value(key);
            return key.equals("broken")
                    ? CompletableFuture.failedFuture(new IOException("thrown on purpose"))
                    : CompletableFuture.completedFuture(value);
        }

        @Cacheable("things")
        public Mono<String> mono(String key) {
            return Mono.fromCallable(() -> value(key));
        }

        @Cacheable(cacheNames = "things", sync = true)
        public Mono<String> syncMono(String key) {
            return Mono.fromCallable(() -> value(key));
        }

        @Cacheable(cacheNames = "things", sync = true)
        public Flux<String> syncFlux(String key) {
            return Flux.defer(() -> Flux.just(key + calls.incrementAndGet(), key));
        }

        @CachePut("things")
        public String put(String key) {
            return key + calls.incrementAndGet();
        }

        @CacheEvict("things")
        public void evict(String key) {}

        @CacheEvict(cacheNames = "things", allEntries = true)
        public void evictAll() {}

        private @Nullable String value(String key) {
            int call = calls.incrementAndGet();
            return key.equals("null") ? null : key + call;
        }
    }
}
