package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.store.CodecException;
import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ManifestFormatTests {

    private static final Entry<String> LIFE = new Entry<>("", 1_700_000_000_123L, Entry.FOREVER, "\"e\\1\"");

    private final ManifestFormat format = new ManifestFormat("json", null);

    private final Key key = Key.of("product/7");

    private static byte[] line(ManifestFormat format, Key key, Entry<?> life, @Nullable String body) {
        return format.end(format.begin(key, life.etag(), 1_600_000_000_000L), life, 42, 0x0a1b2c3d, body)
                .copy();
    }

    @Test
    void lineIsAsDrawn() {
        assertThat(new String(line(format, key, LIFE, "body-1f"), StandardCharsets.UTF_8))
                .matches("\\{\"larder\":1,\"key\":\"product/7\",\"codec\":\"json\",\"etag\":\".*\","
                        + "\"created\":\"2020-09-13T12:26:40.000Z\",\"freshUntil\":\"2023-11-14T22:13:20.123Z\","
                        + "\"keptUntil\":\"never {19}\",\"size\":42,\"crc32c\":\"0a1b2c3d\",\"body\":\"body-1f\","
                        + "\"check\":\"[0-9a-f]{8}\"}\n");
    }

    @Test
    void readsWhatItWrote() {
        byte[] line = line(format, key, LIFE, "body-1f");
        Manifest manifest = Objects.requireNonNull(format.read(line, line.length, key));
        assertThat(manifest.freshUntil()).isEqualTo(LIFE.freshUntil());
        assertThat(manifest.keptUntil()).isEqualTo(Entry.FOREVER);
        assertThat(manifest.etag()).isEqualTo(LIFE.etag());
        assertThat(manifest.size()).isEqualTo(42);
        assertThat(manifest.crc()).isEqualTo(0x0a1b2c3d);
        assertThat(manifest.body()).isEqualTo("body-1f");
        assertThat(manifest.length()).isEqualTo(line.length);
        assertThat(manifest.isReadable()).isTrue();
    }

    @Test
    void anyOtherByteMakesItNoManifest() {
        byte[] line = line(format, key, LIFE, null);
        for (int at = 0; at < line.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = line.clone();
                flipped[at] ^= (byte) (1 << bit);
                assertThat(format.read(flipped, flipped.length, null))
                        .as("bit %d of byte %d", bit, at)
                        .isNull();
            }
            assertThat(format.read(line, at, null)).isNull();
        }
    }

    @Test
    void manifestOfAnotherKeyIsNone() {
        byte[] line = line(format, key, LIFE, null);
        assertThat(format.read(line, line.length, Key.of("product/8"))).isNull();
        assertThat(format.read(line, line.length, Key.of("product/77"))).isNull();
        assertThat(format.read(line, line.length, Key.of("product/"))).isNull();
    }

    @Test
    void manifestOfAnotherCodecIsNotReadable() {
        byte[] line = line(new ManifestFormat("json2", null), key, LIFE, null);
        Manifest manifest = Objects.requireNonNull(format.read(line, line.length, key));
        assertThat(manifest.isReadable()).isFalse();
    }

    @Test
    void anotherLifeHasTheSameLength() {
        byte[] line = line(format, key, LIFE, null);
        Manifest old = Objects.requireNonNull(format.read(line, line.length, key));
        byte[] touched = format.withLife(line, old, new Entry<>("", -5, 7, null));
        assertThat(touched).hasSameSizeAs(line).startsWith(java.util.Arrays.copyOf(line, old.lifeAt()));
        Manifest manifest = Objects.requireNonNull(format.read(touched, touched.length, key));
        assertThat(manifest.freshUntil()).isEqualTo(-5);
        assertThat(manifest.keptUntil()).isEqualTo(7);
        assertThat(manifest.etag()).isEqualTo(LIFE.etag());
    }

    @Test
    void keysOfAnyTextAreTold() {
        for (String text :
                new String[] {"", "\"", "\\", "\n\u0000", "a\"b", "ü", "🍺", "\ud800", "?", "\udc00x", "\u2028"}) {
            Key hostile = Key.of(text);
            byte[] line = line(format, hostile, LIFE, null);
            assertThat(format.read(line, line.length, hostile)).isNotNull();
            assertThat(format.read(line, line.length, null)).isNotNull();
            assertThat(JsonText.unescape(hostile.escaped(), 0, hostile.escaped().length))
                    .isEqualTo(text);
        }
        assertThat(Key.of("\ud800").hash()).isNotEqualTo(Key.of("?").hash());
    }

    @Test
    void keyThatIsTooLongIsNotWritten() {
        Key huge = Key.of("x".repeat(ManifestFormat.MAX_LENGTH));
        assertThatIllegalArgumentException().isThrownBy(() -> line(format, huge, LIFE, null));
    }

    @Test
    void sealHoldsWhatIsBeforeIt() {
        ManifestFormat sealing = new ManifestFormat("json", Encryption.of("k", Map.of("k", new byte[16])));
        byte[] line = line(sealing, key, LIFE, null);
        Manifest manifest = Objects.requireNonNull(sealing.read(line, line.length, key));
        assertThat(manifest.isReadable()).isTrue();
        assertThat(Objects.requireNonNull(format.read(line, line.length, key)).isReadable())
                .isFalse();
        byte[] prolonged = forgeYear(line);
        assertThat(format.read(prolonged, prolonged.length, key)).isNotNull();
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> sealing.read(prolonged, prolonged.length, key));
        byte[] open = line(format, key, LIFE, null);
        assertThat(Objects.requireNonNull(sealing.read(open, open.length, key)).isReadable())
                .isFalse();
    }

    /** A line with a longer life and the right check. */
    private static byte[] forgeYear(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1).replace("\"2023-", "\"2093-");
        int check = text.lastIndexOf("\",\"check");
        int crc = ManifestFormat.crc(text.getBytes(StandardCharsets.ISO_8859_1), 0, check);
        return (text.substring(0, check) + "\",\"check\":\"%08x\"}\n".formatted(crc))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
