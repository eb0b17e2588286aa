package dev.larder.store;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.LoggerFactory;

/**
 * The faults of a cache that did not reach its callers: counts each, and logs one of each kind in a minute.
 *
 * <p>Thread-safe.
 */
public final class Failures {

    /** Not shorter: a broken disk fails on every request. Not longer: whoever looks at the log now should see it. */
    private static final long QUIET_MILLIS = 60_000;

    private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();

    private final String cache;

    private final InstantSource clock;

    /** The faults of the cache of this name. */
    public Failures(String cache, InstantSource clock) {
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * Counts a fault, and logs it unless one of its kind was logged in the last minute.
     *
     * @param kind what failed, in a few words that go on "failed to", such as {@code "write"}; one of a fixed few
     */
    public void report(String kind, Throwable failure) {
        Kind known = counted(kind);
        if (known.isDue(clock.millis())) {
            // Asked for here: whoever opens the first store does not wait for logging to be set up.
            LoggerFactory.getLogger(Failures.class)
                    .warn(
                            "Cache '{}' failed to {} and goes on as if nothing was there; more of the kind are not logged for a"
                                    + " minute",
                            cache,
                            kind,
                            failure);
        }
    }

    /** Counts a fault of a kind that somebody else logs. */
    public void count(String kind) {
        counted(kind);
    }

    private Kind counted(String kind) {
        Kind known = kinds.computeIfAbsent(kind, name -> new Kind());
        known.count.increment();
        return known;
    }

    /** How many faults there were. */
    public long count() {
        return kinds.values().stream().mapToLong(kind -> kind.count.sum()).sum();
    }

    /** How many faults of each kind there were, by kind. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        kinds.forEach((name, kind) -> counts.put(name, kind.count.sum()));
        return counts;
    }

    private static final class Kind {

        private final LongAdder count = new LongAdder();

        private long logged = Long.MIN_VALUE;

        synchronized boolean isDue(long now) {
            if (logged != Long.MIN_VALUE && now - logged < QUIET_MILLIS) {
                return false;
            }
            logged = now;
            return true;
        }
    }
}
