package dev.larder.spring;

import dev.larder.store.Store;
import java.time.InstantSource;

class LruLarderCacheTests extends LarderCacheContract {

    @Override
    Store<Object, Object> createStore(InstantSource clock) {
        return lruStore(clock);
    }
}
