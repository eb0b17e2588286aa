package dev.larder.sample;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Finds the anagrams of a phrase by trying all combinations of up to four words. Thread-safe. */
@Service
class AnagramService {

    private final WordList words;

    AnagramService(WordList words) {
        this.words = words;
    }

    /**
     * The anagrams of some letters. With {@code sync}, many requests for the same letters at the same time search once.
     *
     * @param letters letters from a to z
     */
    @Cacheable(cacheNames = "anagrams", sync = true)
    public Anagrams find(String letters) {
        return new AnagramSearch(words.all(), letters).run();
    }

    /** Forgets one answer. */
    @CacheEvict("anagrams")
    public void forget(String letters) {
        // The annotation does the work.
    }

    /** Forgets all answers. */
    @CacheEvict(cacheNames = "anagrams", allEntries = true)
    public void forgetAll() {
        // The annotation does the work.
    }
}
