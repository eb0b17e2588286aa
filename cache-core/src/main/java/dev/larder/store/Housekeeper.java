package dev.larder.store;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * The {@link Scheduler} that all stores of a JVM share: one daemon thread, which ends when there is no task left, so that
 * a redeployed application leaves no thread behind. While there is a task the {@link CoarseClock} runs.
 */
public final class Housekeeper implements Scheduler {

    private static final Housekeeper SHARED = new Housekeeper(CoarseClock.shared());

    private final CoarseClock clock;

    private final ScheduledThreadPoolExecutor executor;

    private Housekeeper(CoarseClock clock) {
        this.clock = clock;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "larder-housekeeper"));
        this.executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        this.executor.allowCoreThreadTimeOut(true);
        this.executor.setRemoveOnCancelPolicy(true);
    }

    /** The one instance. */
    public static Housekeeper shared() {
        return SHARED;
    }

    @Override
    public void repeat(Duration period, BooleanSupplier task) {
        clock.acquire();
        schedule(period, task);
    }

    private void schedule(Duration period, BooleanSupplier task) {
        Future<?> unused = executor.schedule(() -> run(period, task), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Duration period, BooleanSupplier task) {
        boolean again = false;
        try {
            again = task.getAsBoolean();
        } catch (RuntimeException | Error ex) {
            // Asked for here: whoever opens the first store does not wait for logging to be set up.
            LoggerFactory.getLogger(Housekeeper.class)
                    .error("Background work of a cache failed and stops; the cache goes on without it", ex);
        }
        if (again) {
            schedule(period, task);
        } else {
            clock.release();
        }
    }

    /** A daemon thread that holds on to nothing of the thread that happens to start it. */
    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }
}
