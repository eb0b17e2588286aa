package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads, on JDKs that have them. */
@Timeout(120)
class LogStoreVirtualThreadTests {

    private static final int THREADS = 50;

    private final LogSetup setup = new LogSetup();

    @TempDir
    private Path directory;

    private ThreadFactory virtual;

    @BeforeEach
    void findVirtualThreads() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 21, "This JDK has no virtual threads");
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        virtual = (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }

    @Test
    void interruptsOfVirtualThreadsDisturbNothing() throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger running = new AtomicInteger(THREADS);
        Thread[] threads = new Thread[THREADS];
        try (LogStore store = setup.open(directory)) {
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                threads[i] = virtual.newThread(() -> {
                    for (int round = 0; round < 200; round++) {
                        String key = number + "/" + round % 20;
                        store.put(key, value(round, 700));
                        if (!Arrays.equals(store.get(key), value(round, 700))) {
                            wrong.incrementAndGet();
                        }
                    }
                    running.decrementAndGet();
                });
            }
            for (Thread thread : threads) {
                thread.start();
            }
            for (int i = 0; running.get() > 0; i = (i + 1) % THREADS) {
                threads[i].interrupt();
                Thread.onSpinWait();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).hasValue(0);
            assertThat(setup.failures.counts()).isEmpty();
        }
        try (LogStore store = setup.open(directory)) {
            for (int i = 0; i < THREADS; i++) {
                assertThat(store.get(i + "/19")).isEqualTo(value(199, 700));
            }
        }
    }

    @Test
    void interruptOfAVirtualThreadIsRestored() throws InterruptedException {
        AtomicBoolean restored = new AtomicBoolean();
        try (LogStore store = setup.open(directory)) {
            Thread thread = virtual.newThread(() -> {
                Thread.currentThread().interrupt();
                store.put("key", value(1, 700));
                restored.set(Arrays.equals(store.get("key"), value(1, 700)) && Thread.interrupted());
            });
            thread.start();
            thread.join();
        }
        assertThat(restored).isTrue();
    }
}
