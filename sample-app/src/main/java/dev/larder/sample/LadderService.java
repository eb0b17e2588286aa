package dev.larder.sample;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Turns one word into another, a letter at a time. Thread-safe. */
@Service
class LadderService {

    private final WordList words;

    LadderService(WordList words) {
        this.words = words;
    }

    /**
     * The shortest way from one word to another of the same length over words that differ in one letter each (Lewis Carroll's
     * doublets). There are millions of pairs, and each answer is small.
     *
     * @return all words of the way; none if there is no way
     */
    @Cacheable(cacheNames = "ladders", sync = true)
    public List<String> climb(String from, String to) {
        List<String> candidates = words.all().stream()
                .filter(word -> word.length() == from.length())
                .toList();
        Map<String, String> before = new HashMap<>(Map.of(from, from));
        Queue<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty() && !before.containsKey(to)) {
            String word = next.remove();
            for (String other : candidates) {
                if (!before.containsKey(other) && differsInOne(word, other)) {
                    before.put(other, word);
                    next.add(other);
                }
            }
        }
        return way(before, from, to);
    }

    private static boolean differsInOne(String one, String other) {
        int differences = 0;
        for (int i = 0; i < one.length(); i++) {
            differences += one.charAt(i) == other.charAt(i) ? 0 : 1;
        }
        return differences == 1;
    }

    private static List<String> way(Map<String, String> before, String from, String to) {
        if (!before.containsKey(to)) {
            return List.of();
        }
        List<String> way = new ArrayList<>(List.of(to));
        for (String word = to; !word.equals(from); ) {
            word = before.getOrDefault(word, from);
            way.add(word);
        }
        Collections.reverse(way);
        return way;
    }
}
