package dev.larder.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How a cache lets time pass while another process loads. Thread-safe; tests bring one that needs no time. */
interface Pause {

    /** Of the time that everybody has. */
    Pause REAL = new Pause() {
        @Override
        public void sleep(long millis) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(millis);
        }

        /** The threads of the common pool have the class loader of the system, which knows nothing of the application. */
        @Override
        public void later(long millis, Runnable task) {
            ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> {
                Thread thread = Thread.currentThread();
                ClassLoader before = thread.getContextClassLoader();
                thread.setContextClassLoader(classLoader);
                try {
                    task.run();
                } finally {
                    thread.setContextClassLoader(before);
                }
            });
        }
    };

    /** Waits on this thread. */
    void sleep(long millis) throws InterruptedException;

    /** Returns at once, and runs a task after a while on another thread. */
    void later(long millis, Runnable task);
}
