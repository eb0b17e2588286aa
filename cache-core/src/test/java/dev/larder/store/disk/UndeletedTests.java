package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UndeletedTests {

    private final Undeleted undeleted = new Undeleted();

    @Test
    void whatCouldNotBeRemovedIsHiddenUntilItIsRemoved() {
        undeleted.add("a");
        assertThat(undeleted.hides("a")).isTrue();
        assertThat(undeleted.hides("b")).isFalse();
        undeleted.remove("a");
        assertThat(undeleted.hides("a")).isFalse();
    }

    @Test
    void moreThanCanBeKeptHidesEverythingUntilAllIsRemoved() {
        for (int i = 0; i <= 10_000; i++) {
            undeleted.add("id" + i);
        }
        assertThat(undeleted.isAll()).isTrue();
        assertThat(undeleted.hides("another")).isTrue();
        undeleted.removeAll();
        assertThat(undeleted.hides("another")).isFalse();
        assertThat(undeleted.hides("id0")).isFalse();
    }
}
