package dev.larder.store.lru;

import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.contract.ConcurrentStoreContract;
import java.time.InstantSource;

class LruStoreConcurrencyTests extends ConcurrentStoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return LruStore.<String, String>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }
}
