package dev.larder.store.disk;

import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.contract.ConcurrentStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class FolderFilesConcurrencyTests extends ConcurrentStoreContract {

    @TempDir
    private Path directory;

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return DiskStores.files(directory, Layout.FOLDER, clock, scheduler);
    }

    @Override
    protected int rounds() {
        return 100;
    }
}
