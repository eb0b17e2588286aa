package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.QuickTheory;
import org.quicktheories.generators.SourceDSL;

class FileNamesTests {

    @ParameterizedTest
    @CsvSource({
        "products, products",
        "a-b_c.d9, a-b_c.d9",
        "Upper, +upper",
        "a/b, a%2fb",
        "../x, %2e.%2fx",
        "a., a%2e",
        ".hidden, %2ehidden",
        "50%, 50%25",
        "con, %63on",
        "CON, +c+o+n",
        "nul.txt, %6eul.txt",
        "console, console",
        "ü, %c3%bc",
        "🍺, %f0%9f%8d%ba"
    })
    void nameIsReadable(String text, String name) {
        assertThat(FileNames.escape(text)).isEqualTo(name);
    }

    @Test
    void emptyTextHasAName() {
        assertThat(FileNames.escape("")).isEqualTo("%");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "/", "\\", "a/../../b", "C:", "~", "a\u0000b", "a\nb", "*?\"<>|", "a "})
    void nameIsOneOnEveryFileSystem(String text) {
        assertThat(FileNames.escape(text))
                .matches("[a-z0-9_%+-][a-z0-9_%+.~-]*")
                .doesNotEndWith(".");
    }

    @Test
    void longTextIsCutAndStaysDifferent() {
        String common = "x".repeat(250);
        String one = FileNames.escape(common + "1");
        assertThat(one).hasSize(FileNames.MAX_LENGTH).startsWith("xxx");
        assertThat(FileNames.escape(common + "2")).hasSize(FileNames.MAX_LENGTH).isNotEqualTo(one);
        assertThat(FileNames.escape("x".repeat(FileNames.MAX_LENGTH))).isEqualTo("x".repeat(FileNames.MAX_LENGTH));
        assertThat(FileNames.escape(one)).isNotEqualTo(one);
    }

    @Test
    void halvesOfSurrogatePairsAreDifferent() {
        List<String> texts =
                List.of("\ud800", "\ud801", "\udc00", "?", "\ud800\udc00", "\udc00\ud800", "\ud800\ud800\udc00");
        Set<String> names = new HashSet<>();
        texts.forEach(text -> names.add(FileNames.escape(text)));
        assertThat(names).hasSameSizeAs(texts);
    }

    @Test
    void differentTextsHaveNamesThatDifferInMoreThanCase() {
        QuickTheory.qt()
                .forAll(
                        SourceDSL.strings().allPossible().ofLengthBetween(0, 3),
                        SourceDSL.strings().allPossible().ofLengthBetween(0, 3))
                .assuming((a, b) -> !a.equals(b))
                .check((a, b) -> !lower(a).equals(lower(b)));
        QuickTheory.qt()
                .forAll(
                        SourceDSL.strings().basicLatinAlphabet().ofLengthBetween(0, 2),
                        SourceDSL.strings().basicLatinAlphabet().ofLengthBetween(0, 2))
                .assuming((a, b) -> !a.equals(b))
                .check((a, b) -> !lower(a).equals(lower(b)));
    }

    private static String lower(String text) {
        return FileNames.escape(text).toLowerCase(Locale.ROOT);
    }
}
