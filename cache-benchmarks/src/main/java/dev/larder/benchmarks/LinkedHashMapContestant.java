package dev.larder.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The textbook's exact LRU: the JDK's map in order of access, behind a lock. */
final class LinkedHashMapContestant implements Contestant {

    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Object, Object> map;

    LinkedHashMapContestant(int bound) {
        this.map = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
                return size() > bound;
            }
        };
    }

    @Override
    public @Nullable Object get(Object key) {
        lock.lock();
        try {
            return map.get(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void put(Object key, Object value) {
        lock.lock();
        try {
            map.put(key, value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return map.size();
        } finally {
            lock.unlock();
        }
    }
}
