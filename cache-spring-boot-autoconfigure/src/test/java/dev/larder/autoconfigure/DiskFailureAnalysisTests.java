package dev.larder.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in the configuration of caches on disk, and what the application prints when it does not start for them. */
class DiskFailureAnalysisTests extends FailureReports {

    private static final String KEY_OF_32_BYTES = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @ParameterizedTest
    @CsvSource({
        "layout, folder",
        "durability, always",
        "encrypted, true",
        "payload-grace, 5m",
        "load-wait, 5s",
    })
    void settingForDiskOnlyIsRefusedInHeap(String name, String value) {
        assertThat(report("larder.caches.quotes.%s: %s".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("Value: \"" + value + "\"")
                .contains("it does not apply to a cache of type lru, which is in heap")
                .contains("Remove it, or set larder.caches.quotes.type to disk.");
    }

    @ParameterizedTest
    @CsvSource({
        "value-type, java.lang.String",
        "compression, deflate",
        "compression-threshold, 2KB",
    })
    void settingForCodecsIsRefusedWithoutACodec(String name, String value) {
        assertThat(report("larder.caches.quotes.%s: %s".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("Value: \"" + value + "\"")
                .contains("values that no codec encodes are kept as they are")
                .contains("Set larder.caches.quotes.codec, to json say, or remove it.");
    }

    @Test
    void filesInHeapAreRefused() {
        assertThat(report("larder.caches.quotes.codec: file"))
                .contains("Property: larder.caches.quotes.codec")
                .contains("a cache of type lru keeps no files")
                .contains("Set larder.caches.quotes.type to disk, or choose another codec.");
    }

    @Test
    void weigherIsRefusedOnDisk() {
        assertThat(report("larder.caches.quotes: { type: disk, max-size: 1MB, weigher: length }"))
                .contains("Property: larder.caches.quotes.weigher")
                .contains("Value: \"length\"")
                .contains("the size of an entry on disk is that of its files")
                .contains("Remove it, or set larder.caches.quotes.type to lru.");
    }

    @Test
    void valueTypeIsRefusedForACodecThatNeedsNone() {
        assertThat(report("larder.caches.quotes: { type: disk, codec: bytes, value-type: java.lang.String }"))
                .contains("Property: larder.caches.quotes.value-type")
                .contains("the codec bytes finds out about types by itself");
    }

    @Test
    void compressionOfFilesIsRefused() {
        assertThat(report("larder.caches.quotes: { type: disk, codec: file, compression: zstd }"))
                .contains("Property: larder.caches.quotes.compression")
                .contains("Value: \"zstd\"")
                .contains("Remove it, or set larder.caches.quotes.codec to bytes.");
    }

    @Test
    void thresholdWithoutCompressionIsRefused() {
        assertThat(report("larder.caches.quotes: { type: disk, compression-threshold: 2KB }"))
                .contains("Property: larder.caches.quotes.compression-threshold")
                .contains("nothing is compressed");
    }

    @Test
    void negativeThresholdIsRefused() {
        assertThat(report("larder.caches.quotes: { type: disk, compression: deflate, compression-threshold: -1B }"))
                .contains("Property: larder.caches.quotes.compression-threshold")
                .contains("Give 0 or more, or leave it out for 1024 bytes.");
    }

    @Test
    void graceWithoutFilesIsRefused() {
        assertThat(report("larder.caches.quotes: { type: disk, payload-grace: 5m }"))
                .contains("Property: larder.caches.quotes.payload-grace")
                .contains(
                        "Remove it, or set larder.caches.quotes.codec to file or larder.caches.quotes.layout to folder.");
    }

    @ParameterizedTest
    @CsvSource({"load-wait, 30s", "payload-grace, 1m"})
    void durationThatIsNotPositiveIsRefused(String name, String normal) {
        assertThat(report("larder.caches.quotes: { type: disk, codec: file, %s: 0 }".formatted(name)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("Value: \"0\"")
                .contains("Give a longer duration, or leave it out for " + normal);
    }

    @Test
    void encryptionWithoutAKeyIsRefused() {
        assertThat(report("larder.caches.quotes: { type: disk, encrypted: true }"))
                .contains("Property: larder.caches.quotes.encrypted")
                .contains("there is no key to encrypt with")
                .contains("Add one under larder.encryption.keys and name it in larder.encryption.current-key");
    }

    @Test
    void filesBesideKeysAreRefusedUnlessTheySayThatTheyAreNotEncrypted() {
        assertThat(report("""
                        larder:
                          encryption: { current-key: k1, keys: { k1: %s } }
                          caches: { quotes: { type: disk, codec: file } }
                        """.formatted(KEY_OF_32_BYTES)))
                .contains("Property: larder.caches.quotes.codec")
                .contains("Set larder.caches.quotes.encrypted to false if that is all right");
    }

    @Test
    void keyThatIsMissingIsRefusedAndThoseThatExistAreListed() {
        assertThat(report("larder.encryption: { current-key: k2, keys: { k1: %s } }".formatted(KEY_OF_32_BYTES)))
                .contains("Property: larder.encryption.current-key")
                .contains("Value: \"k2\"")
                .contains("Name one of those that are there: k1.")
                .doesNotContain(KEY_OF_32_BYTES);
    }

    @Test
    void keyThatIsNotBase64IsRefusedAndNotPrinted() {
        assertThat(report("larder.encryption: { current-key: k1, keys: { k1: 'hush!' } }"))
                .contains("Property: larder.encryption.keys[k1]")
                .contains("it is not Base64")
                .contains("openssl rand -base64 32")
                .doesNotContain("hush");
    }

    @Test
    void keyOfAWrongLengthIsRefusedAndNotPrinted() {
        assertThat(report("larder.encryption: { current-key: k1, keys: { k1: aHVzaA== } }"))
                .contains("it has 4 bytes, but a key of AES has 16, 24 or 32")
                .doesNotContain("aHVzaA==");
    }

    @Test
    void misspeltGroupOfKeysIsRefusedAndNothingOfThemPrinted() {
        assertThat(report("larder.encryption: { kyes: { k1: hush } }"))
                .contains("Property: larder.encryption.kyes.k1")
                .contains("Did you mean larder.encryption.keys?")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"larder.encryption", "larder.encryption.keys"})
    void keyWithoutAnIdIsNotPrinted(String place) {
        assertThat(report(place + ": hush"))
                .contains("Property: " + place)
                .contains("there must be keys below it, not a value")
                .contains("Write it as larder.encryption.keys.<id>.")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"larder.encrypton.keys.k1", "larder.keys.k1", "larder.caches.encryption.keys.k1"})
    void keyInTheWrongPlaceIsNotPrinted(String place) {
        assertThat(report(place + ": hush"))
                .contains("Property: " + place)
                .contains("there is no such key")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "layout, flat, 'hashed, folder'",
        "durability, never, 'process, interval, always'",
        "compression, gzip, 'none, deflate, lz4, zstd'",
    })
    void unknownChoiceIsRefusedAndThoseThatExistAreListed(String name, String value, String choices) {
        assertThat(report("larder.caches.quotes: { type: disk, %s: %s }".formatted(name, value)))
                .contains("Property: larder.caches.quotes." + name)
                .contains("Value: \"" + value + "\"")
                .contains("there is no such " + name)
                .contains("Use one of: " + choices + ".");
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("taken"), "");

        assertThat(report("larder: { directory: '%s', caches: { quotes: { type: disk } } }".formatted(file)))
                .contains("Property: larder.directory")
                .contains("Value: \"" + file + "\"")
                .contains("application.yml] - 1:22")
                .contains(file.resolve("quotes") + " cannot be used: '" + file + "' is a file")
                .contains("Move the file away, or configure another directory.");
    }

    @Test
    void directoryThatCannotBeWrittenIsRefused() throws IOException {
        Path closed = Files.createDirectory(
                directory.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        Assumptions.assumeFalse(Files.isWritable(closed), "permissions do not bind this user");

        assertThat(report("larder: { directory: '%s', caches: { quotes: { type: disk } } }".formatted(closed)))
                .contains("Property: larder.directory")
                .contains("Value: \"" + closed + "\"")
                .contains("may not write to it")
                .contains("or configure another directory.");
    }

    @Test
    void readOnlyFileSystemIsRefused() {
        Path proc = Path.of("/proc/larder");
        Assumptions.assumeTrue(Files.isDirectory(proc.getParent()), "there is no file system to read only");

        assertThat(report("larder: { directory: '%s', caches: { quotes: { type: disk } } }".formatted(proc)))
                .contains("Property: larder.directory")
                .contains("Value: \"" + proc + "\"")
                .contains("configure");
    }

    @Test
    void nameThatNoDirectoryCanHaveIsRefused() {
        assertThat(report("larder: { directory: \"a\\0b\", caches: { quotes: { type: disk } } }"))
                .contains("Property: larder.directory")
                .contains("it cannot be the name of a directory");
    }
}
