package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.Codec;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.SerializingStore;
import dev.larder.store.Store;
import dev.larder.store.log.LogStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told while a store is stopped and started. */
class ReopenableStoreTests {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Runs once, after the next call of any store, but for its statistics. */
    private Runnable afterwards = () -> {};

    private int open;

    @SuppressWarnings("NullAway.Init")
    private ReopenableStore store;

    @BeforeEach
    void openStore() {
        store = new ReopenableStore(open(), this::open);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @SuppressWarnings("unchecked")
    private Store<Object, Object> open() {
        open++;
        Store<Object, Object> opened = SerializingStore.of(
                LogStore.at(directory).open(),
                String::valueOf,
                new TextCodec(),
                new Failures("test", InstantSource.system()));
        return (Store<Object, Object>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, args) -> {
                    try {
                        Object result = method.invoke(opened, args);
                        open -= method.getName().equals("close") ? 1 : 0;
                        if (!method.getName().equals("stats")) {
                            Runnable hook = afterwards;
                            afterwards = () -> {};
                            hook.run();
                        }
                        return result;
                    } catch (InvocationTargetException ex) {
                        throw ex.getCause();
                    }
                });
    }

    private void restartAfterTheNextCall() {
        afterwards = () -> {
            store.stop();
            store.start();
        };
    }

    @Test
    void whatWasDoneBeforeARestartIsTold() {
        store.put("k", Entry.of("v"));
        restartAfterTheNextCall();
        assertThat(store.remove("k")).isTrue();
        assertThat(store.contains("k")).isFalse();
        store.put("k", Entry.of("v"));
        restartAfterTheNextCall();
        assertThat(store.pop("k")).isEqualTo("v");
        assertThat(store.contains("k")).isFalse();
        store.put("k", Entry.of("v"));
        restartAfterTheNextCall();
        assertThat(store.clear()).isTrue();
        assertThat(store.contains("k")).isFalse();
    }

    @Test
    void whatWasChangedWhileStoppedDoesNotComeBackThoughItIsNotStarted() {
        store.put("evicted", Entry.of("old"));
        store.put("untouched", Entry.of("value"));
        store.stop();
        store.remove("evicted");
        store.close();
        try (Store<Object, Object> next = open()) {
            assertThat(next.get("evicted")).isNull();
            assertThat(next.get("untouched")).isEqualTo("value");
        }
    }

    @Test
    void storeThatCannotForgetIsClosedAgain() {
        store.put("evicted", Entry.of("old"));
        store.stop();
        store.remove("evicted");
        afterwards = () -> {
            throw new IllegalStateException("thrown on purpose");
        };
        assertThatIllegalStateException().isThrownBy(store::start);
        assertThat(open).isZero();
        store.start();
        assertThat(open).isEqualTo(1);
        assertThat(store.get("evicted")).isNull();
    }

    @Test
    void whatOthersHaveOpenMeanwhileIsCountedOnce() {
        try (Store<Object, Object> other = open()) {
            store.put("k", Entry.of("v"));
            assertThat(store.get("k")).isEqualTo("v");
            for (int i = 0; i < 3; i++) {
                store.stop();
                store.start();
            }
            assertThat(other.get("k")).isEqualTo("v");
            assertThat(store.stats().puts()).isEqualTo(1);
            assertThat(store.stats().hits()).isEqualTo(2);
            assertThat(store.stats().size()).isEqualTo(1);
        }
    }

    private static final class TextCodec implements Codec<Object> {

        @Override
        public byte[] encode(Object value) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
