package dev.larder.store.lru;

import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.contract.StoreContract;
import java.time.InstantSource;

class LruStoreContractTests extends StoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return LruStore.<String, String>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    @Override
    protected int randomSequences() {
        return 3000;
    }
}
