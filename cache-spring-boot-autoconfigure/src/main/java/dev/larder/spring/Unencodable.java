package dev.larder.spring;

import dev.larder.store.CodecException;
import dev.larder.store.Failures;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys and values of a cache that cannot be encoded: counts each, and logs one of each class, since that is a mistake
 * that does not pass. Thread-safe.
 */
final class Unencodable {

    private static final Logger logger = LoggerFactory.getLogger(LarderCache.class);

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    private final String cache;

    private final Failures failures;

    Unencodable(String cache, Failures failures) {
        this.cache = cache;
        this.failures = failures;
    }

    /**
     * Counts a key or value, and logs it if it is the first of its class.
     *
     * @param role {@code "key"} or {@code "value"}
     */
    void report(String role, Object object, CodecException failure) {
        failures.count("encode");
        Class<?> type = failure.type() == null ? object.getClass() : failure.type();
        if (logged.add(role + " " + type.getName())) {
            logger.warn(
                    "Cache '{}' does not keep entries with a {} of {}; callers get what they asked for all the same, and"
                            + " more of the class are not logged. {}",
                    cache,
                    role,
                    type.getTypeName(),
                    failure.getMessage(),
                    failure);
        }
    }
}
