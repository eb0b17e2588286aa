package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be found under each key when writes can get lost: the value that was written last, or nothing. */
final class Expectation {

    private final Map<String, Set<String>> values = new HashMap<>();

    private int missed;

    /** From now on there may be this value, none that was there before, and nothing in any case. */
    void mayBe(String key, String... value) {
        values.put(key, Set.of(value));
    }

    List<String> keys() {
        return List.copyOf(values.keySet());
    }

    void saw(String key, @Nullable String value) {
        if (value != null) {
            assertThat(values.getOrDefault(key, Set.of()))
                    .as("what may be under %s", key)
                    .contains(value);
        }
    }

    /** How often there was nothing where there was something to find. */
    int missed() {
        return missed;
    }
}
