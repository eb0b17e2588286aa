package dev.larder.spring;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A loader that waits until it may return. */
final class SlowLoad implements Callable<@Nullable Object> {

    private final CountDownLatch entered = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);

    private final AtomicInteger calls = new AtomicInteger();

    private final Callable<@Nullable Object> result;

    SlowLoad(Callable<@Nullable Object> result) {
        this.result = result;
    }

    static SlowLoad of(@Nullable Object value) {
        return new SlowLoad(() -> value);
    }

    @Override
    public @Nullable Object call() throws Exception {
        calls.incrementAndGet();
        entered.countDown();
        released.await();
        return result.call();
    }

    void awaitEntered() throws InterruptedException {
        entered.await();
    }

    void release() {
        released.countDown();
    }

    int calls() {
        return calls.get();
    }
}
