package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EntryTests {

    @Test
    void lifeThatHasNoRoomIsForever() {
        assertThat(Entry.after(1_000, Long.MAX_VALUE)).isEqualTo(Entry.FOREVER);
        assertThat(Entry.after(1_000, 5)).isEqualTo(1_005);
    }

    @Test
    void lifeMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entry.after(1_000, 0))
                .withMessageContaining("0 ms");
    }

    @Test
    void entryCannotGoBeforeItIsStale() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry<>("value", 10, 9, null))
                .withMessageContaining("keptUntil 9")
                .withMessageContaining("freshUntil 10");
    }

    @Test
    void copyWithAnotherValueKeepsItsLife() {
        Entry<Integer> copy = new Entry<>("value", 10, 20, "\"etag\"").withValue(7);
        assertThat(copy).isEqualTo(new Entry<>(7, 10, 20, "\"etag\""));
    }

    @Test
    void isReadableInALog() {
        assertThat(Entry.of("value")).hasToString("Entry[value, fresh until forever, kept until forever]");
        assertThat(new Entry<>("value", 0, 1000, "\"etag\""))
                .hasToString(
                        "Entry[value, fresh until 1970-01-01T00:00:00Z, kept until 1970-01-01T00:00:01Z, \"etag\"]");
    }
}
