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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a {@link LarderCache} hides from its callers when its store fails. */
class LarderCacheFailureTests extends CacheFixture {

    /** Both the faults of stores and what cannot be encoded are logged below it. */
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.larder");

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
        clock.advance(Duration.ofSeconds(59));
        cache.get("k");
        assertThat(log.list).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        cache.get("k");
        cache.get("k");

        assertThat(log.list).hasSize(3).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("'things'");
            assertThat(event.getThrowableProxy()).isNotNull();
        });
        assertThat(cache.stats().failures()).isEqualTo(6);
    }

    @Test
    void failuresAreCountedByKind() {
        fail("get", "entry", "pop", "put", "touch", "remove", "clear", "tryBeginLoad");

        cache.get("k");
        cache.pop("k");
        cache.touch("k", TTL);
        cache.put("k", "v");
        cache.evict("k");
        cache.clear();
        cache.get("k", () -> "v");

        assertThat(cache.stats().failuresByKind())
                .containsExactly(
                        Map.entry("delete", 2L), Map.entry("lock", 1L), Map.entry("read", 4L), Map.entry("write", 2L));
    }

    @Test
    void keyThatCannotBeEncodedIsLoadedOnceForEachCallAndLoggedOnceForEachClass() {
        AtomicInteger calls = new AtomicInteger();
        store.before = operation -> {
            throw new CodecException("define a KeyCodec bean for the key", null);
        };

        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("k2", calls::incrementAndGet)).isEqualTo(2);
        cache.put("k", "v");
        cache.evict("k");
        assertThat(log.list).hasSize(1).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage())
                    .contains("'things'", "a key of java.lang.String", "define a KeyCodec bean");
        });
        assertThat(cache.get(1, calls::incrementAndGet)).isEqualTo(3);

        assertThat(log.list).hasSize(2);
        assertThat(cache.stats().failuresByKind()).containsOnlyKeys("encode");
    }

    @Test
    void valueThatCannotBeEncodedIsReturnedAndReplacesWhatWasThereByNothing() {
        AtomicInteger calls = new AtomicInteger();
        cache.put("k", "old");
        store.before = operation -> {
            if (operation.startsWith("put")) {
                throw new CodecException("a value of this type has no JSON", null);
            }
        };

        cache.put("k", "new");
        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get("k", calls::incrementAndGet)).isEqualTo(2);

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .anySatisfy(message -> assertThat(message).contains("a value of java.lang.String", "no JSON"))
                .anySatisfy(message -> assertThat(message).contains("a value of java.lang.Integer"));
    }

    private void fail(String... operations) {
        Set<String> failing = Set.of(operations);
        store.before = operation -> {
            if (failing.contains(operation)) {
                throw new IllegalStateException(operation + " is broken");
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
