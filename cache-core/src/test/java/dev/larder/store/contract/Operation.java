package dev.larder.store.contract;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quicktheories.QuickTheory;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.SourceDSL;

/**
 * One step of a random test, the same for the store under test and for the {@link Model} it is compared with.
 *
 * @param kind what to do
 * @param key which key, by number
 * @param amount a life time in ms, or how many ms pass; 0 for an entry without end
 */
public record Operation(Kind kind, int key, int amount) {

    /** What a step does. */
    public enum Kind {
        GET,
        PUT,
        PUT_STALE,
        PUT_IF_ABSENT,
        TOUCH,
        REMOVE,
        POP,
        ENTRY,
        CONTAINS,
        CLEAR,
        PASS_TIME
    }

    /**
     * Checks random sequences of steps over a number of keys. When one fails, the shortest that still fails is reported.
     *
     * @param sequences how many sequences to try
     */
    public static void forAllSequences(int sequences, int keys, Consumer<List<Operation>> check) {
        Gen<Operation> operations = SourceDSL.arbitrary()
                .enumValues(Kind.class)
                .zip(
                        SourceDSL.integers().between(0, keys - 1),
                        SourceDSL.integers().between(0, 50),
                        Operation::new);
        QuickTheory.qt()
                .withExamples(sequences)
                .forAll(SourceDSL.lists().of(operations).ofSizeBetween(1, 200))
                .checkAssert(check);
    }

    /** Does the step, and returns what the caller of the store sees. */
    public @Nullable Object apply(Store<String, String> store, ManualClock clock, int step) {
        String name = "key" + key;
        long until = amount == 0 ? Entry.FOREVER : clock.millis() + amount;
        return switch (kind) {
            case GET -> store.get(name);
            case PUT -> done(() -> store.put(name, Entry.of("value" + step, until)));
            case PUT_STALE ->
                done(() -> store.put(
                        name, new Entry<>("value" + step, clock.millis() + amount / 2, until, "\"" + step + "\"")));
            case PUT_IF_ABSENT -> store.putIfAbsent(name, Entry.of("value" + step, until));
            case TOUCH -> store.touch(name, until, until);
            case REMOVE -> store.remove(name);
            case POP -> store.pop(name);
            case ENTRY -> store.entry(name);
            case CONTAINS -> store.contains(name);
            case CLEAR -> key == 0 ? store.clear() : store.size() >= 0;
            case PASS_TIME -> done(() -> clock.advance(Duration.ofMillis(amount)));
        };
    }

    private static @Nullable Object done(Runnable action) {
        action.run();
        return null;
    }

    /** Runs a sequence against a store and a model of it, and fails at the first step at which they differ. */
    public static void compare(List<Operation> sequence, Store<String, String> store, Model model, ManualClock clock) {
        for (int step = 0; step < sequence.size(); step++) {
            Operation operation = sequence.get(step);
            Object expected = operation.kind() == Kind.PASS_TIME ? null : operation.apply(model, clock, step);
            Object actual = operation.apply(store, clock, step);
            if (!Objects.equals(expected, actual)) {
                throw new AssertionError(
                        "Step %d, %s: expected %s, but was %s".formatted(step, operation, expected, actual));
            }
        }
        String expected = withoutWeight(model.stats());
        String actual = withoutWeight(store.stats());
        if (!expected.equals(actual)) {
            throw new AssertionError("Counts: expected %s, but were %s".formatted(expected, actual));
        }
    }

    /** A model weighs nothing, and stores do not agree on what they weigh. */
    private static String withoutWeight(StoreStats stats) {
        return stats.toString().replaceFirst(", weight=.*", "");
    }
}
