package dev.larder.store.contract;

import dev.larder.store.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A scheduler that runs its tasks when it is told to, on the thread that tells it. */
public final class ManualScheduler implements Scheduler {

    private final List<BooleanSupplier> tasks = new CopyOnWriteArrayList<>();

    @Override
    public void repeat(Duration period, BooleanSupplier task) {
        tasks.add(task);
    }

    /** Runs each task once that was there before. Others may add tasks meanwhile. */
    public void runAll() {
        for (BooleanSupplier task : tasks) {
            if (!task.getAsBoolean()) {
                tasks.remove(task);
            }
        }
    }

    /** How many tasks want to run again. */
    public int tasks() {
        return tasks.size();
    }
}
