package dev.larder.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Tells for a key under {@code larder} that does not exist which one was meant. */
final class KeyAdvice {

    private static final List<String> TOP = names(LarderProperties.class);

    private static final List<String> SETTINGS = names(LarderProperties.Cache.class);

    private static final List<String> ENCRYPTION = names(LarderProperties.Keys.class);

    /** Two letters in the wrong order are two edits. With more, a short key would resemble every other one. */
    private static final int MAX_EDITS = 2;

    private KeyAdvice() {}

    /** One or two sentences. */
    static String forUnknown(ConfigurationPropertyName key) {
        int length = key.getNumberOfElements();
        String first = element(key, 1);
        String last = element(key, length - 1);
        if (length == 2 && SETTINGS.contains(last)) {
            return move("larder.defaults." + last, "larder.caches.<name>." + last);
        }
        if (length == 2) {
            return nearest(last, TOP, "larder.");
        }
        String second = key.getElement(2, Form.ORIGINAL);
        if (first.equals("defaults")) {
            return nearest(element(key, 2), SETTINGS, "larder.defaults.");
        }
        if (first.equals("encryption")) {
            return nearest(element(key, 2), ENCRYPTION, "larder.encryption.");
        }
        if (!first.equals("caches")) {
            return nested(key, first, last);
        }
        if (length == 3) {
            return SETTINGS.contains(element(key, 2))
                    ? move("larder.caches.<name>." + last, "larder.defaults." + last)
                    : "Give the cache a setting, such as %s.type. The settings that exist: %s."
                            .formatted(LarderProperties.keyOf(second), String.join(", ", SETTINGS));
        }
        if (length > 4 && SETTINGS.contains(last)) {
            return "A name with dots is written in brackets: %s.%s"
                    .formatted(LarderProperties.keyOf(join(key, 2, length - 1)), last);
        }
        return nearest(element(key, 3), SETTINGS, LarderProperties.keyOf(second) + ".");
    }

    /** For a key that others belong below. */
    static String below(ConfigurationPropertyName key) {
        String first = element(key, 1);
        return "Write it as %s."
                .formatted(
                        first.equals("encryption")
                                ? "larder.encryption.keys.<id>"
                                : first.equals("defaults")
                                        ? "larder.defaults.ttl, say"
                                        : "larder.caches.<name>.ttl, say");
    }

    /** For a key that starts with neither defaults nor caches: that word is misspelt, or missing. */
    private static String nested(ConfigurationPropertyName key, String first, String last) {
        String meant = closest(first, TOP);
        if (meant != null) {
            return "Did you mean larder.%s.%s?".formatted(meant, join(key, 2, key.getNumberOfElements()));
        }
        String setting = closest(last, SETTINGS);
        if (setting != null) {
            String name = join(key, 1, key.getNumberOfElements() - 1);
            return "Settings of a cache belong under larder.caches: %s.%s"
                    .formatted(LarderProperties.keyOf(name), setting);
        }
        return known(TOP, "larder.");
    }

    private static String move(String one, String other) {
        return "Move it to %s or to %s.".formatted(one, other);
    }

    private static String nearest(String word, List<String> candidates, String prefix) {
        String closest = closest(word, candidates);
        return closest == null ? known(candidates, prefix) : "Did you mean %s%s?".formatted(prefix, closest);
    }

    private static String known(List<String> candidates, String prefix) {
        return "Remove it. The keys that exist: %s."
                .formatted(candidates.stream().map(prefix::concat).collect(Collectors.joining(", ")));
    }

    private static @Nullable String closest(String word, List<String> candidates) {
        String closest = null;
        int fewest = MAX_EDITS + 1;
        for (String candidate : candidates) {
            int edits = edits(word, candidate);
            if (edits < fewest && edits <= candidate.length() / 2) {
                fewest = edits;
                closest = candidate;
            }
        }
        return closest;
    }

    /** Levenshtein's distance. */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    private static String element(ConfigurationPropertyName key, int index) {
        return dashed(key.getElement(index, Form.DASHED));
    }

    private static String join(ConfigurationPropertyName key, int from, int to) {
        return Stream.iterate(from, i -> i < to, i -> i + 1)
                .map(i -> key.getElement(i, Form.ORIGINAL))
                .collect(Collectors.joining("."));
    }

    private static List<String> names(Class<?> properties) {
        return Arrays.stream(properties.getRecordComponents())
                .map(component -> dashed(component.getName()))
                .toList();
    }

    private static String dashed(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
