package dev.larder.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTests {

    private static final byte[] OLD = key(16, 1);

    private static final byte[] NEW = key(32, 2);

    private static final byte[] NOTE = "the manifest".getBytes(UTF_8);

    private static final byte[] PLAIN = "not for everybody".getBytes(UTF_8);

    private final Encryption encryption = Encryption.of("new", Map.of("old", OLD, "new", NEW));

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void everyLengthOfKeyWorks(int length) {
        Encryption one = Encryption.of("k", Map.of("k", key(length, 3)));
        byte[] sealed = one.encrypt(PLAIN, NOTE);
        assertThat(one.decrypt(sealed, NOTE)).isEqualTo(PLAIN);
        assertThat(HexFormat.of().formatHex(sealed))
                .doesNotContain(HexFormat.of().formatHex(PLAIN));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17, 31, 33, 44})
    void otherLengthsOfKeysAreRefusedWithARemedy(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Encryption.of("k", Map.of("k", key(length, 3))))
                .withMessage(
                        "Key 'k' has %d bytes, but AES keys have 16, 24 or 32: make one with 'openssl rand -base64 32'",
                        length);
    }

    @Test
    void currentKeyMustBeThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Encryption.of("k", Map.of("old", OLD)))
                .withMessage("The current key 'k' is not among the keys [old]: add it, or name one of those");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a\nb", "ä", "01234567890123456789012345678901234567890123456789012345678901234"})
    void oddKeyIdsAreRefused(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> Encryption.of(id, Map.of(id, OLD)));
    }

    @Test
    void oldKeysStillReadAndTheCurrentOneWrites() {
        byte[] before = Encryption.of("old", Map.of("old", OLD)).encrypt(PLAIN, NOTE);
        assertThat(encryption.decrypt(before, NOTE)).isEqualTo(PLAIN);
        byte[] after = encryption.encrypt(PLAIN, NOTE);
        assertThat(Encryption.of("new", Map.of("new", NEW)).decrypt(after, NOTE))
                .isEqualTo(PLAIN);
    }

    @Test
    void unknownKeyIsNamed() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Encryption.of("old", Map.of("old", OLD)).decrypt(sealed, NOTE))
                .withMessage(
                        "Encrypted with key 'new', which is not among the keys [old]: add it until nothing needs it any"
                                + " more");
    }

    @Test
    void otherKeyOfTheSameNameDoesNotRead() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        Encryption other = Encryption.of("new", Map.of("new", key(32, 4)));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> other.decrypt(sealed, NOTE));
    }

    @Test
    void associatedBytesAreAuthenticated() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> encryption.decrypt(sealed, "another manifest".getBytes(UTF_8)));
    }

    @Test
    void everyBitThatIsFlippedShows() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> encryption.decrypt(flipped, NOTE));
        }
    }

    @Test
    void keyIdIsAuthenticated() {
        Encryption twins = Encryption.of("a", Map.of("a", OLD, "b", OLD));
        byte[] sealed = twins.encrypt(PLAIN, NOTE);
        sealed[2] = 'b';
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> twins.decrypt(sealed, NOTE));
    }

    @Test
    void everyTruncationShows() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> encryption.decrypt(cut, NOTE));
        }
    }

    @Test
    void theSameIsEncryptedDifferentlyEachTime() {
        assertThat(encryption.encrypt(PLAIN, NOTE)).isNotEqualTo(encryption.encrypt(PLAIN, NOTE));
    }

    @Test
    void nothingAtAllCanBeSealed() {
        byte[] seal = encryption.encrypt(new byte[0], NOTE);
        assertThat(encryption.decrypt(seal, NOTE)).isEmpty();
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> encryption.decrypt(seal, new byte[0]));
    }

    @Test
    void headerIsAsDrawn() {
        byte[] sealed = encryption.encrypt(PLAIN, NOTE);
        assertThat(sealed).hasSize(2 + 3 + 12 + PLAIN.length + 16).startsWith(1, 3);
        assertThat(new String(sealed, 2, 3, US_ASCII)).isEqualTo("new");
    }

    @Test
    void laterChangesOfTheKeyArrayHaveNoEffect() {
        byte[] key = key(16, 5);
        Encryption one = Encryption.of("k", Map.of("k", key));
        byte[] sealed = one.encrypt(PLAIN, NOTE);
        Arrays.fill(key, (byte) 0);
        assertThat(one.decrypt(sealed, NOTE)).isEqualTo(PLAIN);
    }

    @Test
    void keysAreNotTold() {
        byte[] secret = "0123456789abcdef".getBytes(US_ASCII);
        assertThat(Encryption.of("k", Map.of("k", secret))).hasToString("Encryption[current key 'k', keys [k]]");
        byte[] tooLong = "0123456789abcdefg".getBytes(US_ASCII);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Encryption.of("k", Map.of("k", tooLong)))
                .withMessageNotContaining("0123");
    }

    private static byte[] key(int length, int seed) {
        byte[] key = new byte[length];
        Arrays.fill(key, (byte) seed);
        return key;
    }
}
