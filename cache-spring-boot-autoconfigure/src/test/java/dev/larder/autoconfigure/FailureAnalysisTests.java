package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.annotation.OrderUtils;

/** Mistakes in a configuration file, and what the application prints when it does not start because of them. */
class FailureAnalysisTests extends FailureReports {

    @Test
    void zeroTtlIsRefused() {
        assertThat(report("""
                        larder:
                          caches:
                            quotes:
                              ttl: 0
                        """))
                .contains("Property: larder.caches.quotes.ttl")
                .contains("Value: \"0\"")
                .contains("application.yml] - 4:12")
                .contains("a life time must be longer than zero")
                .contains("Give a positive duration, such as 10m, or leave ttl out");
    }

    @Test
    void negativeTtlIsRefused() {
        assertThat(report("larder.defaults.ttl: -5s"))
                .contains("Property: larder.defaults.ttl")
                .contains("Value: \"-5s\"")
                .contains("Give a positive duration");
    }

    @Test
    void zeroMaxEntriesIsRefused() {
        assertThat(report("larder.caches.quotes.max-entries: 0"))
                .contains("Property: larder.caches.quotes.max-entries")
                .contains("Value: \"0\"")
                .contains("Give a positive number, or leave max-entries out.");
    }

    @Test
    void negativeMaxSizeIsRefused() {
        assertThat(report("larder.caches.quotes: { max-size: -1MB, codec: text }"))
                .contains("Property: larder.caches.quotes.max-size")
                .contains("Value: \"-1MB\"")
                .contains("Give a positive size, such as 64MB");
    }

    @Test
    void keyIsNamedAsItWasWritten() {
        assertThat(report("larder.caches: { \"[My.Cache]\": { maxEntries: -3 } }"))
                .contains("Property: larder.caches[My.Cache].max-entries")
                .contains("Value: \"-3\"")
                .contains("Origin: URL [file:");
        assertThat(output).contains("application.yml] - 1:");
    }

    @Test
    void nameInUpperCaseIsReportedAsItWasWritten() {
        assertThat(report("larder.caches.userProfiles.ttl: 0"))
                .contains("Property: larder.caches.userProfiles.ttl")
                .contains("Value: \"0\"")
                .contains("application.yml] - 1:33")
                .contains("Give a positive duration");
    }

    @Test
    void maxSizeWithoutWeigherOrCodecIsRefused() {
        assertThat(report("larder.caches.quotes.max-size: 64MB"))
                .contains("Property: larder.caches.quotes.max-size")
                .contains("Value: \"64MB\"")
                .contains("Name a Weigher bean in larder.caches.quotes.weigher or a codec in"
                        + " larder.caches.quotes.codec, or bound the cache with larder.caches.quotes.max-entries.");
    }

    @Test
    void weigherWithoutMaxSizeIsRefused() {
        assertThat(report("larder.caches.quotes.weigher: length"))
                .contains("Property: larder.caches.quotes.weigher")
                .contains("Value: \"length\"")
                .contains("Add larder.caches.quotes.max-size");
    }

    @Test
    void weigherBesideCodecIsRefused() {
        assertThat(report("larder.caches.quotes: { max-size: 1MB, weigher: length, codec: text }"))
                .contains("Property: larder.caches.quotes.weigher")
                .contains("Remove either larder.caches.quotes.weigher or larder.caches.quotes.codec.");
    }

    @Test
    void unknownWeigherIsRefusedAndThoseThatExistAreListed() {
        assertThat(report("larder.caches.quotes: { max-size: 1MB, weigher: lenght }"))
                .contains("Property: larder.caches.quotes.weigher")
                .contains("Value: \"lenght\"")
                .contains("there is no bean of this name and of type dev.larder.store.Weigher")
                .contains("name one of those that are there: length.");
    }

    @Test
    void weigherThatIsSomethingElseIsRefused() {
        assertThat(report("larder.caches.quotes: { max-size: 1MB, weigher: text }"))
                .contains("Property: larder.caches.quotes.weigher")
                .contains("name one of those that are there: length.");
    }

    @Test
    void unknownCodecIsRefusedAndThoseThatExistAreListed() {
        assertThat(report("larder.defaults.codec: jason"))
                .contains("Property: larder.defaults.codec")
                .contains("Value: \"jason\"")
                .contains("Use json, cbor, java, bytes or file, or define the bean.");
    }

    @Test
    void twoBoundsAreRefusedForCaffeine() {
        assertThat(report("larder.caches.quotes: { type: caffeine, max-size: 1MB, weigher: length, max-entries: 10 }"))
                .contains("Property: larder.caches.quotes.max-entries")
                .contains("Value: \"10\"")
                .contains("Remove either larder.caches.quotes.max-entries or larder.caches.quotes.max-size,"
                        + " or use type lru");
    }

    @Test
    void caffeineWithoutItsDependencyIsRefused() {
        assertThat(report(
                        "larder.defaults.type: caffeine",
                        new FilteredClassLoader(com.github.benmanes.caffeine.cache.Caffeine.class)))
                .contains("Property: larder.defaults.type")
                .contains("Value: \"caffeine\"")
                .contains("Add the dependency com.github.ben-manes.caffeine:caffeine, or use type lru.");
    }

    @Test
    void unknownTypeIsRefusedAndThoseThatExistAreListed() {
        assertThat(report("larder.caches.quotes.type: lfu"))
                .contains("Property: larder.caches.quotes.type")
                .contains("Value: \"lfu\"")
                .contains("application.yml] - 1:28")
                .contains("there is no such type")
                .contains("Use one of: lru, caffeine, disk, sharded.");
    }

    @Test
    void valueThatIsNoDurationIsRefused() {
        assertThat(report("larder.caches.quotes.ttl: soon"))
                .contains("larder.caches.quotes.ttl")
                .contains("\"soon\"")
                .contains("is not a valid duration");
    }

    @Test
    void misspeltKeyIsRefusedAndTheRightOneNamed() {
        assertThat(report("larder.caches.quotes.max-entires: 10"))
                .contains("Property: larder.caches.quotes.max-entires")
                .contains("Value: \"10\"")
                .contains("application.yml] - 1:35")
                .contains("Did you mean larder.caches.quotes.max-entries?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"larder.caches.quotes.ttl", "larder.defaults.max-size", "larder.caches.quotes.type"})
    void keyWithoutAValueIsNotSaidToBeMisspelt(String key) {
        assertThat(report(key + ":"))
                .contains("Property: " + key)
                .contains("Value: \"\"")
                .contains("there is no value")
                .contains("Give " + key + " a value, or remove it.");
    }

    @Test
    void misspeltDefaultIsRefusedAndTheRightOneNamed() {
        assertThat(report("larder.defaults.tll: 10m")).contains("Did you mean larder.defaults.ttl?");
    }

    @Test
    void misspeltTopLevelKeyIsRefusedAndTheRightOneNamed() {
        assertThat(report("larder.dynamik: true"))
                .contains("Property: larder.dynamik")
                .contains("Did you mean larder.dynamic?");
    }

    @Test
    void misspeltGroupIsRefusedAndTheRightOneNamed() {
        assertThat(report("larder.cache.quotes.ttl: 10m")).contains("Did you mean larder.caches.quotes.ttl?");
    }

    @Test
    void cacheDirectlyUnderLarderIsRefusedAndItsPlaceNamed() {
        assertThat(report("larder.quotes.ttl: 10m"))
                .contains("Property: larder.quotes.ttl")
                .contains("Value: \"10m\"")
                .contains("belong under larder.caches: larder.caches.quotes.ttl");
    }

    @Test
    void settingDirectlyUnderLarderIsRefusedAndItsPlaceNamed() {
        assertThat(report("larder.ttl: 10m"))
                .contains("Property: larder.ttl")
                .contains("Move it to larder.defaults.ttl or to larder.caches.<name>.ttl.");
    }

    @Test
    void settingDirectlyUnderCachesIsRefusedAndItsPlaceNamed() {
        assertThat(report("larder.caches.ttl: 10m"))
                .contains("Property: larder.caches.ttl")
                .contains("Value: \"10m\"")
                .contains("Move it to larder.caches.<name>.ttl or to larder.defaults.ttl.");
    }

    @Test
    void cacheThatIsAWordInsteadOfSettingsIsRefusedAndSettingsListed() {
        assertThat(report("larder: { caches: { quotes: lru } }"))
                .contains("Property: larder.caches.quotes")
                .contains("Value: \"lru\"")
                .contains("Give the cache a setting, such as larder.caches.quotes.type.");
    }

    @ParameterizedTest
    @CsvSource({"larder.caches, larder.caches.<name>.ttl", "larder.defaults, larder.defaults.ttl"})
    void valueInThePlaceOfKeysIsRefusedAndTheirPlaceNamed(String key, String place) {
        assertThat(report(key + ": quotes"))
                .contains("Property: " + key)
                .contains("Value: \"quotes\"")
                .contains("there must be keys below it, not a value")
                .contains("Write it as " + place);
    }

    @Test
    void nameWithDotsWithoutBracketsIsRefusedAndBracketsShown() {
        assertThat(report("larder.caches.my.cache.ttl: 10m"))
                .contains("Property: larder.caches.my.cache.ttl")
                .contains("written in brackets: larder.caches[my.cache].ttl");
    }

    @Test
    void keyLikeNoOtherIsRefusedAndTheKnownOnesListed() {
        assertThat(report("larder.caches.quotes.persistence: true"))
                .contains("Property: larder.caches.quotes.persistence")
                .contains("The keys that exist: larder.caches.quotes.type, larder.caches.quotes.ttl,");
    }

    @Test
    void allUnknownKeysAreReportedAtOnce() {
        assertThat(report("larder: { ttl: 10m, dynamik: true }"))
                .contains("Property: larder.ttl")
                .contains("Property: larder.dynamik");
    }

    @Test
    void analyzersOfSpringBootComeLater() {
        // On this class path they would anyway.
        assertThat(OrderUtils.getOrder(LarderBindFailureAnalyzer.class)).isNegative();
    }
}
