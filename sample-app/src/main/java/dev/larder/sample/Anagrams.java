package dev.larder.sample;

import java.util.List;

/**
 * The anagrams of a phrase.
 *
 * @param letters the letters of the phrase
 * @param count how many anagrams of up to four words there are; the order of the words does not matter
 * @param examples a few of them, those with the longest words
 */
record Anagrams(String letters, int count, List<String> examples) {}
