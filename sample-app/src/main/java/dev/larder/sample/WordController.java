package dev.larder.sample;

import java.util.List;
import java.util.Locale;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Questions about words. Each answer says how long the service took, so that a cached one shows. */
@RestController
class WordController {

    /** The search tries all combinations of words, and each letter more about doubles its time. */
    private static final int MOST_LETTERS = 15;

    private final AnagramService anagrams;

    private final NeighbourService neighbours;

    private final LadderService ladders;

    private final PictureService pictures;

    WordController(
            AnagramService anagrams, NeighbourService neighbours, LadderService ladders, PictureService pictures) {
        this.anagrams = anagrams;
        this.neighbours = neighbours;
        this.ladders = ladders;
        this.pictures = pictures;
    }

    @GetMapping("/anagrams/{phrase}")
    Timed<Anagrams> anagrams(@PathVariable String phrase) {
        String letters = letters(phrase);
        return Timed.of(() -> anagrams.find(letters));
    }

    @DeleteMapping("/anagrams/{phrase}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forgetAnagrams(@PathVariable String phrase) {
        anagrams.forget(letters(phrase));
    }

    @DeleteMapping("/anagrams")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forgetAllAnagrams() {
        anagrams.forgetAll();
    }

    @GetMapping("/neighbours/{word}")
    Timed<List<String>> neighbours(@PathVariable String word) {
        String letters = letters(word);
        return Timed.of(() -> neighbours.neighbours(letters));
    }

    @GetMapping("/ladders/{from}/{to}")
    Timed<List<String>> ladder(@PathVariable String from, @PathVariable String to) {
        String first = letters(from);
        String last = letters(to);
        return Timed.of(() -> ladders.climb(first, last));
    }

    /** The picture's time is in the header that browsers show in their network view. */
    @GetMapping("/pictures/{prefix}.png")
    ResponseEntity<Resource> picture(@PathVariable String prefix) {
        String letters = letters(prefix);
        Timed<Resource> timed = Timed.of(() -> pictures.draw(letters));
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .header("Server-Timing", "picture;dur=" + timed.millis())
                .body(timed.answer());
    }

    @DeleteMapping("/pictures/{prefix}.png")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forgetPicture(@PathVariable String prefix) {
        pictures.forget(letters(prefix));
    }

    /** Small letters without spaces, so that two spellings of a phrase are one key. */
    private static String letters(String text) {
        String letters = text.toLowerCase(Locale.ROOT).replaceAll("[ '-]", "");
        if (!letters.matches("[a-z]{1," + MOST_LETTERS + "}")) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "'%s' must have 1 to %d letters from a to z".formatted(text, MOST_LETTERS));
        }
        return letters;
    }
}
