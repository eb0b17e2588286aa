package dev.larder.caffeine;

import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.contract.ConcurrentStoreContract;
import java.time.InstantSource;

class CaffeineStoreConcurrencyTests extends ConcurrentStoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return CaffeineStore.<String, String>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }
}
