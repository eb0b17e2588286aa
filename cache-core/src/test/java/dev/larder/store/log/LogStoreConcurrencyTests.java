package dev.larder.store.log;

import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.contract.ConcurrentStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class LogStoreConcurrencyTests extends ConcurrentStoreContract {

    @TempDir
    private Path directory;

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return Stores.open(directory, 1, clock, scheduler);
    }
}
