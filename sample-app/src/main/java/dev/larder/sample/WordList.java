package dev.larder.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** The bundled English words, without names, abbreviations and possessives. Immutable. */
@Component
class WordList {

    private static final Pattern PLAIN_WORD = Pattern.compile("[a-z]{3,}");

    private final List<String> words;

    WordList(@Value("classpath:words/american-english-small.txt") Resource file) throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(file.getInputStream(), StandardCharsets.UTF_8))) {
            words = reader.lines()
                    .filter(line -> PLAIN_WORD.matcher(line).matches())
                    .sorted()
                    .toList();
        }
    }

    /** All words, in alphabetical order. */
    List<String> all() {
        return words;
    }

    /** The words that start with the given letters, in alphabetical order. */
    List<String> startingWith(String prefix) {
        return words.stream().filter(word -> word.startsWith(prefix)).toList();
    }
}
