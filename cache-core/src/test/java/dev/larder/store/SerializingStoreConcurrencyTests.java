package dev.larder.store;

import dev.larder.store.contract.ConcurrentStoreContract;
import dev.larder.store.lru.LruStore;
import java.time.InstantSource;

class SerializingStoreConcurrencyTests extends ConcurrentStoreContract {

    @Override
    protected Store<String, String> open(InstantSource clock, Scheduler scheduler) {
        LruStore<String, byte[]> bytes = LruStore.<String, byte[]>builder()
                .maxEntries(10_000)
                .clock(clock)
                .scheduler(scheduler)
                .build();
        return SerializingStore.of(bytes, new Utf8Codec(), new Failures("test", clock));
    }
}
