package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScratchTests {

    @Test
    void whatIsTakenIsNobodyElsesUntilItIsGivenBack() {
        Scratch first = Scratch.take();
        Scratch second = Scratch.take();
        assertThat(second).isNotSameAs(first);
        second.give();
        Scratch third = Scratch.take();
        assertThat(third).isNotSameAs(first);
        first.give();
        assertThat(Scratch.take()).isSameAs(first);
        first.give();
    }
}
