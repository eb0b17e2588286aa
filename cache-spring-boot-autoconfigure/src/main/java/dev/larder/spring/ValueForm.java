package dev.larder.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/**
 * How the values of a cache look in its store, and how to its callers. Thread-safe.
 *
 * <p>What a load gave is shared in its stored form, so that each caller gets a view of its own.
 */
interface ValueForm {

    /** Values are kept as they are, but a store knows no null. */
    ValueForm PLAIN = new ValueForm() {
        @Override
        public Object stored(Object value) {
            return value;
        }

        @Override
        public Object restored(Object stored) {
            return stored;
        }
    };

    /** What the store is given. */
    Object stored(Object value);

    /** What the caller is given. */
    Object restored(Object stored);

    /** Whether callers of a load get what the store made of the value, and not what the loader gave. */
    default boolean isReadBack() {
        return false;
    }

    /** Lets go of what {@link #stored(Object)} made, when nobody will look at it any more. */
    default void release(Object stored) {}

    default Object storedOrNull(@Nullable Object value) {
        return value == null ? NullValue.INSTANCE : stored(value);
    }

    /** Asks for the type, not for the instance: a codec may have made another one. */
    default @Nullable Object restoredOrNull(Object stored) {
        return stored instanceof NullValue ? null : restored(stored);
    }
}
