package dev.larder.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/** Null values on their way into a store, which knows none, and out of it. */
final class Nulls {

    private Nulls() {}

    static Object stored(@Nullable Object value) {
        return value == null ? NullValue.INSTANCE : value;
    }

    /** Asks for the type, not for the instance: a codec may have made another one. */
    static @Nullable Object restored(Object value) {
        return value instanceof NullValue ? null : value;
    }
}
