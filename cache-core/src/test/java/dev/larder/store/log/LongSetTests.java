package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LongSetTests {

    private final LongSet set = new LongSet();

    @Test
    void aNumberIsNewOnce() {
        for (long number : new long[] {0, 1, -1, 16, 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(set.add(number)).as("%d at first", number).isTrue();
            assertThat(set.add(number)).as("%d again", number).isFalse();
        }
    }

    @Test
    void isTheSetThatItWouldBeWithObjects() {
        Random random = new Random(5);
        Set<Long> known = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            long number = random.nextInt(50_000) - 1000L;
            assertThat(set.add(number)).isEqualTo(known.add(number));
        }
    }

    @Test
    void numbersThatDifferInHighBitsOnlyAreToldApart() {
        for (long i = 0; i < 10_000; i++) {
            assertThat(set.add(i << 40)).isTrue();
        }
        for (long i = 0; i < 10_000; i++) {
            assertThat(set.add(i << 40)).isFalse();
        }
    }
}
