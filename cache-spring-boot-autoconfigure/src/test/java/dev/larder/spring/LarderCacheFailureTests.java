package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.larder.store.CodecException;
import dev.larder.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a {@link LarderCache} hides from its callers when its store fails. */
class LarderCacheFailureTests extends CacheFixture {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LarderCache.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @SuppressWarnings("NullAway.Init")
    private HookedStore store;

    @Override
    Store<Object, Object> createStore(InstantSource clock) {
        store = new HookedStore(lruStore(clock));
        return store;
    }

    @BeforeEach
    void captureLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void releaseLog() {
        logger.setAdditive(true);
        logger.detachAppender(log);
    }

    @Test
    void failedReadsMissAndAreCounted() {
        cache.put("k", "v");
        fail("get", "entry", "contains", "touch", "pop");

        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("k", String.class)).isNull();
        assertThat(cache.retrieve("k")).isNull();
        assertThat(cache.contains("k")).isFalse();
        assertThat(cache.entry("k")).isNull();
        assertThat(cache.touch("k", TTL)).isFalse();
        assertThat(cache.pop("k")).isNull();
        assertThat(cache.stats().failures()).isEqualTo(7);
    }

    @Test
    void failedRemovalsSayThatNothingWasThere() {
        cache.put("k", "v");
        fail("remove", "clear");

        cache.evict("k");
        assertThat(cache.evictIfPresent("k")).isFalse();
        cache.clear();
        assertThat(cache.invalidate()).isFalse();
        assertThat(cache.stats().failures()).isEqualTo(4);
    }

    @Test
    void failedPutLeavesNoOlderValue() {
        cache.put("k", "old");
        fail("put");

        cache.put("k", "new");

        assertThat(cache.get("k")).isNull();
        assertThat(cache.stats().failures()).isEqualTo(1);
    }

    @Test
    void failedPutWithFailedRemovalIsDropped() {
        fail("put", "remove", "putIfAbsent");

        cache.put("k", "new");
        cache.put("k", "new", TTL);

        assertThat(cache.putIfAbsent("k", "new")).isNull();
        assertThat(cache.stats().failures()).isEqualTo(3);
    }

    @Test
    void loadedValueIsReturnedAndTheLoaderRunsOnceWhenNothingWorks() {
        AtomicInteger calls = new AtomicInteger();
        fail("get", "entry", "put", "putIfAbsent", "remove");

        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);
        assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture(calls.incrementAndGet())))
                .isCompletedWithValue(2);

        assertThat(cache.stats().loadSuccesses()).isEqualTo(2);
        assertThat(cache.stats().loadFailures()).isZero();
    }

    @Test
    void keyThatCannotBeComparedIsLoadedOnceAndNeverStored() {
        AtomicInteger calls = new AtomicInteger();
        Object key = new BrokenKey();

        assertThat(cache.get(key, calls::incrementAndGet)).isEqualTo(1);
        cache.put(key, "v");
        cache.evict(key);

        assertThat(cache.get(key)).isNull();
        assertThat(cache.getNativeCache().size()).isZero();
        assertThat(calls).hasValue(1);
    }

    @Test
    void errorsAreNotHidden() {
        store.before = operation -> {
            throw new StackOverflowError();
        };

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> cache.get("k"));
        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> cache.put("k", "v"));
    }

    @Test
    void oneFailureOfAKindIsLoggedInAMinute() {
        fail("get", "put");

        cache.get("k");
        cache.get("k2");
        assertThat(log.list).hasSize(1);
        cache.put("k", "v");
        assertThat(log.list).hasSize(2);
        store.before = operation -> {
            throw new IllegalStateException("another kind");
        };
        cache.get("k");
        assertThat(log.list).hasSize(3);
        clock.advance(Duration.ofSeconds(59));
        cache.get("k");
        assertThat(log.list).hasSize(3);
        clock.advance(Duration.ofSeconds(1));
        cache.get("k");
        cache.get("k");

        assertThat(log.list).hasSize(4).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("'things'");
            assertThat(event.getThrowableProxy()).isNotNull();
        });
        assertThat(cache.stats().failures()).isEqualTo(7);
    }

    private void fail(String... operations) {
        Set<String> failing = Set.of(operations);
        store.before = operation -> {
            if (failing.contains(operation)) {
                throw new CodecException(operation + " is broken", null);
            }
        };
    }

    /** Cannot be asked for its hash code. */
    private static final class BrokenKey {

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("equals is broken");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("hashCode is broken");
        }
    }
}
