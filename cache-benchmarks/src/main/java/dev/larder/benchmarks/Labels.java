package dev.larder.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** The names that constants have on the command line and in the tables. */
final class Labels {

    private Labels() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String all(Collection<? extends Enum<?>> constants) {
        return constants.stream().map(Labels::of).collect(Collectors.joining(", "));
    }

    /**
     * The constant of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    static <E extends Enum<E>> E find(Class<E> type, String label) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(label)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("There is no contestant '%s'; choose from %s"
                .formatted(label, all(Arrays.asList(type.getEnumConstants()))));
    }
}
