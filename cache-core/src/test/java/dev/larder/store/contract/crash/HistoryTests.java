package dev.larder.store.contract.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.contract.crash.History.Misses;
import org.junit.jupiter.api.Test;

class HistoryTests {

    private final History history = new History(2, Misses.ALLOWED);

    private void run(Act act, int key, long version, long seen) {
        history.begin(0, act, key, version);
        history.end(0, seen);
    }

    @Test
    void clearRemovesEveryKey() {
        run(Act.PUT, 0, 1, 0);
        run(Act.PUT, 1, 2, 0);
        run(Act.CLEAR, 0, 0, 0);
        history.check();
        assertThat(history.possible(0)).isZero();
        assertThat(history.possible(1)).isZero();
    }

    @Test
    void removalInFlightMayHaveHappenedOrNotAfterACrash() {
        history.setMisses(Misses.FORBIDDEN);
        run(Act.PUT, 0, 1, 0);
        run(Act.PUT, 1, 2, 0);
        history.begin(0, Act.REMOVE, 0, 0);
        history.crash();
        run(Act.GET, 0, 0, 0);
        run(Act.GET, 0, 0, 1);
        history.check();
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> run(Act.GET, 1, 0, 0));
    }

    @Test
    void missMayBeThatOfARemovalAtTheSameTime() {
        history.setMisses(Misses.FORBIDDEN);
        run(Act.PUT, 0, 1, 0);
        history.begin(1, Act.GET, 0, 0);
        run(Act.CLEAR, 0, 0, 0);
        run(Act.PUT, 0, 2, 0);
        assertThatCode(() -> history.end(1, 0)).doesNotThrowAnyException();
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> run(Act.GET, 0, 0, 0));
    }

    @Test
    void whatWasMissedMayBeFoundAgainOnlyWhereThatIsAllowed() {
        run(Act.PUT, 0, 1, 0);
        run(Act.GET, 0, 0, 0);
        run(Act.GET, 0, 0, 1);
        history.check();
        history.setMisses(Misses.FINAL);
        run(Act.GET, 0, 0, 0);
        run(Act.GET, 0, 0, 1);
        assertThatExceptionOfType(Violation.class).isThrownBy(history::check).withMessageContaining("missed");
    }

    @Test
    void acknowledgedPutIsNotFoundAgainAfterTheNext() {
        run(Act.PUT, 0, 1, 0);
        run(Act.PUT_IF_ABSENT, 0, 2, 1);
        run(Act.PUT, 0, 3, 0);
        history.crash();
        assertThat(history.possible(0)).isEqualTo(1);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> run(Act.ENTRY, 0, 0, 1));
    }

    @Test
    void lossOfPowerTakesWhatEndedAfterTheLastSync() {
        run(Act.PUT, 0, 1, 0);
        long durable = history.time();
        run(Act.REMOVE, 0, 0, 0);
        history.losePower(durable, history.time());
        run(Act.GET, 0, 0, 1);
        history.check();
    }

    @Test
    void clearHoldsWhenPowerIsLost() {
        run(Act.PUT, 0, 1, 0);
        run(Act.CLEAR, 0, 0, 0);
        run(Act.PUT, 0, 2, 0);
        long cut = history.time();
        run(Act.CLEAR, 0, 0, 0);
        history.losePower(0, cut);
        assertThat(history.possible(0)).isEqualTo(1);
        assertThatExceptionOfType(Violation.class).isThrownBy(() -> run(Act.GET, 0, 0, 1));
    }
}
