package dev.larder.sample;

import java.util.List;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Finds the words that look like another one. Thread-safe. */
@Service
class NeighbourService {

    private static final int MOST_DIFFERENT = 2;

    private final WordList words;

    NeighbourService(WordList words) {
        this.words = words;
    }

    /** The words that differ in up to two letters, in alphabetical order, from the given one. */
    @Cacheable("neighbours")
    public List<String> neighbours(String word) {
        return words.all().stream()
                .filter(other -> EditDistance.between(word, other) <= MOST_DIFFERENT)
                .toList();
    }
}
