package dev.larder.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A deliberate fault: lines of a source file, and what stands in their place. In {@code mutants.txt} it is
 *
 * <pre>
 * # what it does wrong
 * File.java: which part of the lab to try first
 * - lines that occur once
 * + lines in their place
 * </pre>
 *
 * @param name what it does wrong
 * @param file the name of the source file
 * @param first a part of the name of the parts of the lab to try first, so that most mutants are noticed soon
 * @param lines the lines to be replaced, without the space around them
 * @param replacement what replaces them
 */
record Mutant(String name, String file, String first, List<String> lines, List<String> replacement) {

    /** All of them. */
    static List<Mutant> all() throws IOException {
        InputStream resource = Mutant.class.getResourceAsStream("mutants.txt");
        if (resource == null) {
            throw new IOException("There is no mutants.txt");
        }
        List<Mutant> mutants = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("# ")) {
                    String[] where = reader.readLine().split(": ", 2);
                    mutants.add(
                            new Mutant(line.substring(2), where[0], where[1], new ArrayList<>(), new ArrayList<>()));
                } else if (line.startsWith("- ")) {
                    mutants.get(mutants.size() - 1).lines.add(line.substring(2).trim());
                } else if (line.startsWith("+ ")) {
                    mutants.get(mutants.size() - 1)
                            .replacement
                            .add(line.substring(2).trim());
                }
            }
        }
        return mutants;
    }

    /**
     * The source with the fault.
     *
     * @throws IllegalArgumentException if the lines do not occur exactly once
     */
    String applyTo(String source) {
        List<String> text = new ArrayList<>(source.lines().toList());
        List<String> trimmed = text.stream().map(String::trim).toList();
        int at = Collections.indexOfSubList(trimmed, lines);
        if (at < 0 || at != Collections.lastIndexOfSubList(trimmed, lines)) {
            throw new IllegalArgumentException(
                    "Mutant '%s' does not apply to %s: adapt mutants.txt to the source".formatted(name, file));
        }
        List<String> replaced = text.subList(at, at + lines.size());
        replaced.clear();
        replaced.addAll(replacement);
        return String.join("\n", text);
    }
}
