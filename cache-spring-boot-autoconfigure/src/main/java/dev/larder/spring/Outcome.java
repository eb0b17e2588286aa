package dev.larder.spring;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a load ended.
 *
 * @param stored what the loader gave, as the store takes or gives it; null if it failed
 * @param failure what the loader threw, or null if it did not
 */
record Outcome(@Nullable Object stored, @Nullable Throwable failure) {

    static Outcome success(Object stored) {
        return new Outcome(stored, null);
    }

    static Outcome failure(Throwable failure) {
        return new Outcome(null, failure);
    }

    /** What a caller gets; null for one that failed. */
    @Nullable
    Object value(ValueForm form) {
        return stored == null ? null : form.restoredOrNull(stored);
    }

    /** The type is the caller's promise. */
    @SuppressWarnings({"unchecked", "NullAway"})
    <T> void passTo(CompletableFuture<T> future, ValueForm form) {
        if (failure != null) {
            future.completeExceptionally(failure);
            return;
        }
        try {
            future.complete((T) value(form));
        } catch (RuntimeException | Error ex) {
            future.completeExceptionally(ex);
        }
    }
}
