package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quicktheories.QuickTheory;
import org.quicktheories.generators.SourceDSL;

/** The judge is judged by one who tries out every order in which the steps can have taken effect. */
class KeyHistoryTests {

    private final KeyHistory history = new KeyHistory(0);

    /** What was done and found, with different times for all starts and ends. */
    private record Step(Act act, long version, int from, int until) {}

    /** Whether there is an order of these steps that explains them all. */
    private static boolean isPossible(List<Step> steps, long present) {
        int firstEnd = steps.stream().mapToInt(Step::until).min().orElse(0);
        if (steps.isEmpty()) {
            return true;
        }
        for (Step step : steps) {
            boolean takes = step.act() == Act.GET || step.act() == Act.POP;
            if (step.from() < firstEnd && (!takes || step.version() == present)) {
                List<Step> others = new ArrayList<>(steps);
                others.remove(step);
                if (isPossible(others, step.act() == Act.PUT || step.act() == Act.GET ? step.version() : 0)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the judge accepts these steps. */
    private static boolean isAccepted(List<Step> steps, int restAt) {
        KeyHistory history = new KeyHistory(0);
        try {
            steps.stream()
                    .filter(step -> step.act() == Act.PUT)
                    .forEach(step -> history.beginPut(step.version(), step.from()));
            steps.stream().filter(step -> step.until() < restAt).forEach(step -> tell(history, step));
            if (restAt > 0) {
                history.check();
                history.compact();
                steps.stream()
                        .filter(step -> step.act() == Act.PUT && step.from() > restAt)
                        .forEach(step -> history.beginPut(step.version(), step.from()));
            }
            steps.stream().filter(step -> step.until() >= restAt).forEach(step -> tell(history, step));
            history.check();
            return true;
        } catch (Violation ex) {
            return false;
        }
    }

    private static void tell(KeyHistory history, Step step) {
        switch (step.act()) {
            case PUT -> history.put(step.version(), step.until());
            case GET -> history.saw(step.version(), step.from(), step.until());
            case POP -> {
                history.popped(step.version(), step.from(), step.until());
                history.removed("it was popped", step.from(), step.until());
            }
            default -> history.removed("it was removed", step.from(), step.until());
        }
    }

    private static List<Step> steps(long seed, int count, List<Act> acts, int offset) {
        Random random = new Random(seed);
        List<Integer> times = new ArrayList<>(IntStream.rangeClosed(1, 2 * count)
                .map(time -> time + offset)
                .boxed()
                .toList());
        Collections.shuffle(times, random);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int one = times.get(2 * i);
            int other = times.get(2 * i + 1);
            // The first two are puts, so that there is something to find.
            Act act = i < 2 ? Act.PUT : acts.get(random.nextInt(acts.size()));
            long version = act == Act.PUT ? offset + i + 1 : offset + 1 + random.nextInt(2);
            steps.add(new Step(act, act == Act.REMOVE ? 0 : version, Math.min(one, other), Math.max(one, other)));
        }
        return steps;
    }

    @Test
    void acceptsExactlyWhatSomeOrderExplains() {
        int[] accepted = {0, 0};
        qt().forAll(SourceDSL.longs().all(), SourceDSL.integers().between(3, 6)).check((seed, count) -> {
            List<Step> steps = steps(seed, count, List.of(Act.PUT, Act.GET, Act.GET, Act.REMOVE), 0);
            boolean possible = isPossible(steps, 0);
            accepted[possible ? 1 : 0]++;
            return possible == isAccepted(steps, 0);
        });
        assertThat(accepted[0]).isGreaterThan(100);
        assertThat(accepted[1]).isGreaterThan(100);
    }

    @Test
    void acceptsWhateverSomeOrderExplainsWithPops() {
        qt().forAll(SourceDSL.longs().all(), SourceDSL.integers().between(3, 6)).check((seed, count) -> {
            List<Step> steps = steps(seed, count, List.of(Act.PUT, Act.GET, Act.POP), 0);
            return !isPossible(steps, 0) || isAccepted(steps, 0);
        });
    }

    @Test
    void forgettingAtARestChangesNoVerdict() {
        qt().forAll(SourceDSL.longs().all(), SourceDSL.integers().between(2, 5)).check((seed, count) -> {
            List<Act> acts = List.of(Act.PUT, Act.GET, Act.REMOVE);
            List<Step> steps = steps(seed, count, acts, 0);
            steps(~seed, count, acts, 100).stream()
                    // Some of the later reads find what the earlier puts put.
                    .map(step -> step.act() == Act.GET && step.from() % 2 == 0
                            ? new Step(Act.GET, step.version() - 100, step.from(), step.until())
                            : step)
                    .forEach(steps::add);
            return isAccepted(steps, 0) == isAccepted(steps, 50);
        });
    }

    private static QuickTheory qt() {
        return QuickTheory.qt().withExamples(5000).withShrinkCycles(100);
    }

    private void put(long version, long from, long until) {
        history.beginPut(version, from);
        history.put(version, until);
    }

    private void assertViolation(String message) {
        assertThatExceptionOfType(Violation.class).isThrownBy(history::check).withMessageContaining(message);
    }

    @Test
    void olderVersionIsRejected() {
        put(1, 1, 2);
        put(2, 3, 4);
        history.saw(1, 5, 6);
        assertViolation("version 1 was there from 2 to 5, but version 2 was put between 3 and 4");
    }

    @Test
    void removedVersionIsRejected() {
        put(1, 1, 2);
        history.removed("it was removed", 3, 4);
        history.saw(1, 5, 6);
        assertViolation("it was removed");
    }

    @Test
    void versionThatComesBackIsRejected() {
        put(1, 1, 20);
        put(2, 2, 30);
        history.saw(1, 22, 23);
        history.saw(2, 24, 25);
        history.check();
        history.saw(1, 26, 27);
        assertViolation("version");
    }

    @Test
    void versionThatWasNeverPutIsRejected() {
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.saw(7, 1, 2));
    }

    @Test
    void versionPoppedTwiceIsRejected() {
        put(1, 1, 2);
        history.popped(1, 3, 6);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.popped(1, 4, 5));
    }

    @Test
    void versionFoundAfterItWasPoppedWhileItWasPutIsRejected() {
        history.beginPut(1, 1);
        history.popped(1, 2, 3);
        history.put(1, 4);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.saw(1, 5, 6));
    }

    @Test
    void valueThatAPutIfAbsentDidNotPutIsRejected() {
        history.beginPut(1, 1);
        history.putNothing(1);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.saw(1, 5, 6));
        history.beginPut(2, 7);
        history.saw(2, 8, 9);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.putNothing(2));
    }

    @Test
    void putInFlightMayHaveHappenedOrNotAfterACrash() {
        put(1, 1, 2);
        history.beginPut(2, 3);
        history.crash(4, false);
        history.compact();
        assertThat(history.possible()).containsExactlyInAnyOrder(1L, 2L);
        history.saw(1, 5, 6);
        history.check();
        history.saw(2, 7, 8);
        assertViolation("version");
    }

    @Test
    void putInFlightDoesNotHappenAfterTheCrash() {
        history.beginPut(1, 1);
        history.crash(2, false);
        history.compact();
        put(2, 3, 4);
        history.saw(1, 5, 6);
        assertViolation("version 2");
    }

    @Test
    void acknowledgedRemovalHoldsAfterACrash() {
        put(1, 1, 2);
        history.removed("it was removed", 3, 4);
        history.crash(5, false);
        history.compact();
        assertThat(history.possible()).isEmpty();
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> history.saw(1, 6, 7));
    }

    @Test
    void lossOfPowerUndoesOnlyWhatWasNotDurable() {
        put(1, 1, 2);
        put(2, 3, 4);
        put(3, 5, 6);
        history.removed("it was removed", 7, 8);
        history.crash(9, false);
        history.losePower(4, 9, 9);
        assertThat(history.possible()).containsExactlyInAnyOrder(2L, 3L);
        history.saw(2, 10, 11);
        history.check();
        history.saw(3, 12, 13);
        assertViolation("version");
    }

    @Test
    void whatSurvivedALossOfPowerSurvivesTheNext() {
        put(1, 1, 2);
        put(2, 3, 4);
        history.crash(5, false);
        history.losePower(2, 5, 5);
        history.saw(2, 6, 7);
        history.check();
        history.crash(8, false);
        history.losePower(5, 8, 8);
        assertThat(history.possible()).containsExactly(2L);
        history.removed("all was cleared", 9, 10);
        history.check();
        history.crash(11, false);
        history.losePower(10, 11, 11);
        assertThat(history.possible()).isEmpty();
    }

    @Test
    void whatWasPutIsRequiredUntilItIsRemoved() {
        assertThat(history.isRequired()).isFalse();
        put(1, 1, 2);
        assertThat(history.isRequired()).isTrue();
        put(2, 3, 5);
        history.removed("it was removed", 4, 6);
        assertThat(history.isRequired()).isFalse();
        put(3, 7, 8);
        history.crash(9, false);
        assertThat(history.isRequired()).isTrue();
        history.crash(10, true);
        assertThat(history.isRequired()).isFalse();
    }

    @Test
    void putThatWasNotDurableIsNotRequiredAfterPowerIsLost() {
        put(1, 1, 2);
        put(2, 3, 4);
        history.crash(5, false);
        history.losePower(2, 5, 5);
        assertThat(history.isRequired()).isTrue();
        history.removed("it was removed", 6, 7);
        put(3, 8, 9);
        history.crash(10, false);
        history.losePower(8, 10, 10);
        assertThat(history.isRequired()).isFalse();
    }

    @Test
    void valuesTellWhetherTheyAreWholeAndWhose() {
        byte[] value = Value.of(3, 77, 100);
        assertThat(Value.version(3, value)).isEqualTo(77);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> Value.version(4, value));
        for (int i = 0; i < value.length; i++) {
            byte[] flipped = value.clone();
            flipped[i] ^= 1;
            assertThatExceptionOfType(Violation.class).isThrownBy(() -> Value.version(3, flipped));
        }
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> Value.version(3, Arrays.copyOf(value, 99)));
        assertThatNoException().isThrownBy(() -> Value.version(3, Value.entry(3, 78, 0)));
    }
}
