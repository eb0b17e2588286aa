package dev.larder.store;

import dev.larder.store.contract.ConcurrentStoreContract;
import dev.larder.store.lru.LruStore;
import java.time.InstantSource;

class ShardedStoreConcurrencyTests extends ConcurrentStoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        return ShardedStore.of(
                7,
                number -> LruStore.<String, String>builder()
                        .maxEntries(10_000)
                        .clock(clock)
                        .scheduler(scheduler)
                        .build(),
                number -> {},
                new Failures("test", clock),
                clock);
    }
}
