package dev.larder.spring;

import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults of one store: counts each, and logs one of each kind in a minute. Thread-safe. */
final class Failures {

    private static final Logger logger = LoggerFactory.getLogger(LarderCache.class);

    /** Not shorter: a broken disk fails on every request. Not longer: whoever looks at the log now should see it. */
    private static final long QUIET_MILLIS = 60_000;

    private final ConcurrentMap<Kind, Long> logged = new ConcurrentHashMap<>();

    private final LongAdder count = new LongAdder();

    private final String cache;

    private final InstantSource clock;

    Failures(String cache, InstantSource clock) {
        this.cache = cache;
        this.clock = clock;
    }

    void report(String operation, RuntimeException failure) {
        count.increment();
        if (isDue(new Kind(operation, failure.getClass()))) {
            logger.warn(
                    "Cache '{}' failed to {} and goes on as if nothing was there; more of the kind are not logged for a"
                            + " minute",
                    cache,
                    operation,
                    failure);
        }
    }

    long count() {
        return count.sum();
    }

    private boolean isDue(Kind kind) {
        long now = clock.millis();
        Long last = logged.putIfAbsent(kind, now);
        return last == null || (now - last >= QUIET_MILLIS && logged.replace(kind, last, now));
    }

    private record Kind(String operation, Class<?> type) {}
}
