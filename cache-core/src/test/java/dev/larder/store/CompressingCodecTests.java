package dev.larder.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressingCodecTests {

    private static final String TEXT = "over and over ".repeat(100);

    private static final int LIMIT = 10_000;

    private final CompressingCodec<String> codec = codec(100, LIMIT);

    private static CompressingCodec<String> codec(int threshold, int limit) {
        return new CompressingCodec<>(new Utf8Codec(), Compression.deflate(), threshold, limit);
    }

    @Test
    void longTextBecomesShorterAndComesBack() {
        byte[] bytes = codec.encode(TEXT);
        assertThat(bytes[0]).isEqualTo((byte) 'd');
        assertThat(bytes).hasSizeLessThan(TEXT.length() / 10);
        assertThat(codec.decode(bytes)).isEqualTo(TEXT);
    }

    @Test
    void textBelowTheThresholdStaysReadable() {
        assertThat(new String(codec.encode("a".repeat(99)), UTF_8)).isEqualTo("\n" + "a".repeat(99));
        assertThat(codec.encode("a".repeat(100))[0]).isEqualTo((byte) 'd');
        assertThat(codec.decode(codec.encode("short"))).isEqualTo("short");
        assertThat(codec.decode(codec.encode(""))).isEmpty();
    }

    @Test
    void whatCannotBeCompressedStaysAsItIs() {
        byte[] noise = new byte[LIMIT];
        new Random(1).nextBytes(noise);
        CompressingCodec<byte[]> raw = new CompressingCodec<>(new Raw(), Compression.deflate(), 0, LIMIT);
        assertThat(raw.encode(noise)).hasSize(1 + LIMIT);
        assertThat(raw.decode(raw.encode(noise))).isEqualTo(noise);
    }

    @Test
    void whatIsLargerThanTheLimitStaysAsItIs() {
        String large = "a".repeat(LIMIT + 1);
        assertThat(codec.encode(large)).hasSize(1 + large.length());
        assertThat(codec.decode(codec.encode(large))).isEqualTo(large);
        assertThat(codec.decode(codec.encode("a".repeat(LIMIT)))).isEqualTo("a".repeat(LIMIT));
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void lengthBeyondTheLimitIsRefusedBeforeMemoryIsTaken(int length) {
        byte[] bytes = codec.encode(TEXT);
        ByteBuffer.wrap(bytes).putInt(1, length);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(bytes))
                .withMessage("Compressed bytes say that they become %d, but the limit is %d", length, LIMIT);
    }

    @Test
    void bytesThatBecomeMoreThanTheySayAreRefused() {
        byte[] bytes = codec.encode(TEXT);
        ByteBuffer.wrap(bytes).putInt(1, TEXT.length() - 1);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(bytes));
    }

    @Test
    void bytesThatBecomeFewerThanTheySayAreRefused() {
        byte[] bytes = codec.encode(TEXT);
        ByteBuffer.wrap(bytes).putInt(1, TEXT.length() + 1);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(bytes));
    }

    @Test
    void bytesAfterTheEndAreRefused() {
        byte[] bytes = codec.encode(TEXT);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = codec.encode(TEXT);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void everyFlippedBitGivesTheValueOrIsRefused() {
        byte[] bytes = codec.encode(TEXT);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(codec.decode(flipped)).isEqualTo(TEXT);
            } catch (CodecException expected) {
                assertThat(expected).hasMessageNotContaining("room");
            }
        }
    }

    private static final class Raw implements Codec<byte[]> {

        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    }
}
