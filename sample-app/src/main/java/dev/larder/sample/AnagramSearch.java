package dev.larder.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One search for anagrams. Used once, by one thread. */
final class AnagramSearch {

    private static final int MOST_WORDS = 4;

    private static final int MOST_EXAMPLES = 5;

    private record Candidate(String word, Letters letters) {}

    private final String phrase;

    /** Words that the phrase contains, the longest first. */
    private final List<Candidate> candidates;

    /** The places in {@link #candidates} of the words with the same letters, in ascending order. */
    private final Map<Letters, List<Integer>> places = new HashMap<>();

    private final List<String> examples = new ArrayList<>();

    private int count;

    AnagramSearch(List<String> words, String phrase) {
        this.phrase = phrase;
        Letters all = Letters.of(phrase);
        candidates = words.stream()
                .map(word -> new Candidate(word, Letters.of(word)))
                .filter(candidate -> all.minus(candidate.letters()) != null)
                .sorted(Comparator.comparingInt(candidate -> -candidate.word().length()))
                .toList();
        for (int place = 0; place < candidates.size(); place++) {
            places.computeIfAbsent(candidates.get(place).letters(), letters -> new ArrayList<>())
                    .add(place);
        }
    }

    Anagrams run() {
        search("", Letters.of(phrase), 0, MOST_WORDS);
        return new Anagrams(phrase, count, List.copyOf(examples));
    }

    /** Completes what was chosen so far with words from the given place on, so that no combination comes up twice. */
    private void search(String chosen, Letters rest, int from, int wordsLeft) {
        for (int place : places.getOrDefault(rest, List.of())) {
            if (place >= from) {
                found(chosen + candidates.get(place).word());
            }
        }
        if (wordsLeft == 1) {
            return;
        }
        for (int place = from; place < candidates.size(); place++) {
            Candidate next = candidates.get(place);
            Letters left = rest.minus(next.letters());
            if (left != null) {
                search(chosen + next.word() + " ", left, place, wordsLeft - 1);
            }
        }
    }

    private void found(String anagram) {
        count++;
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(anagram);
        }
    }
}
