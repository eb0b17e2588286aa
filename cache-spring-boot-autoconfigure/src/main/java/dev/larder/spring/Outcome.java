package dev.larder.spring;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a load ended.
 *
 * @param value what the loader gave, null included
 * @param failure what the loader threw, or null if it did not
 */
record Outcome(@Nullable Object value, @Nullable Throwable failure) {

    static Outcome success(@Nullable Object value) {
        return new Outcome(value, null);
    }

    static Outcome failure(Throwable failure) {
        return new Outcome(null, failure);
    }

    /** The type is the caller's promise. */
    @SuppressWarnings({"unchecked", "NullAway"})
    <T> void passTo(CompletableFuture<T> future) {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete((T) value);
        }
    }
}
