package dev.larder.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import dev.larder.store.CompressingCodec;
import dev.larder.store.Compression;
import dev.larder.store.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.support.NullValue;
import org.springframework.core.io.ByteArrayResource;

class CodecTests {

    private final JavaCodec jdk =
            new JavaCodec(TrustedTypes.of(List.of("com.example")), getClass().getClassLoader());

    private static JavaCodec trusting() {
        return new JavaCodec(TrustedTypes.of(List.of("dev.larder.codec")), CodecTests.class.getClassLoader());
    }

    static Stream<Object> serializable() {
        return Stream.of(
                "text",
                1,
                new BigDecimal("1.00"),
                Instant.EPOCH,
                ZonedDateTime.parse("2026-11-30T10:00:00+01:00[Europe/Paris]"),
                TimeUnit.DAYS,
                List.of(1, 2, 3),
                List.of(),
                Arrays.asList(1, null),
                Set.of(1),
                Map.of("a", 1),
                Set.of(1, 2, 3),
                Map.of("a", 1, "b", 2),
                EnumSet.of(TimeUnit.DAYS),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
                new TreeMap<>(Map.of("a", 1)),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("a", 1))),
                Collections.unmodifiableSet(Set.of(1)),
                IntStream.range(0, 10_000).boxed().toList(),
                NullValue.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("serializable")
    void javaGivesBackValuesOfTheJdk(Object value) {
        assertThat(jdk.decode(new ReadBackCodec(jdk).encode(value))).isEqualTo(value);
    }

    @Test
    void javaGivesBackTrustedTypesAndArrays() {
        Point point = new Point(1, List.of("a"));
        assertThat(trusting().decode(trusting().encode(point))).isEqualTo(point);
        assertThat(trusting().decode(trusting().encode(new Point[][] {{point}})))
                .isEqualTo(new Point[][] {{point}});
        assertThat(jdk.decode(jdk.encode(new int[][] {{1}}))).isEqualTo(new int[][] {{1}});
        assertThat(jdk.decode(jdk.encode(new byte[100_000]))).isEqualTo(new byte[100_000]);
    }

    @Test
    void javaNeverInitializesPlantedClasses() throws Exception {
        byte[] planted = withoutSpringing(new TrapDoorMaker());
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> jdk.decode(planted))
                .withMessageContaining("not trusted");
        for (Object value : List.of(new Point(1, List.of()), new Point[0], List.of(new Point(1, List.of())))) {
            byte[] bytes = trusting().encode(value);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> jdk.decode(bytes));
        }
        assertThat(Trap.sprung()).isFalse();
    }

    /** Serialized under a name of the same length, and renamed in the bytes: making one would spring the trap. */
    private static byte[] withoutSpringing(Object decoy) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(decoy);
        }
        String text = new String(bytes.toByteArray(), ISO_8859_1);
        String name = TrapDoorMaker.class.getName();
        String other = "dev.larder.codec.TrapDoor";
        String renamed = text.replace(
                (char) 0 + "" + (char) name.length() + name, (char) 0 + "" + (char) other.length() + other);
        return renamed.getBytes(ISO_8859_1);
    }

    @Test
    void javaRefusesToNestTooDeep() {
        Object nested = "end";
        for (int i = 0; i < 300; i++) {
            nested = new ArrayList<>(List.of(nested));
        }
        byte[] bytes = jdk.encode(nested);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> jdk.decode(bytes));
    }

    @Test
    void javaRefusesArraysThatAreLongerThanTheBytes() {
        byte[] bytes = jdk.encode(new long[] {1, 2, 3});
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4 - 3 * Long.BYTES, 100_000_000);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> jdk.decode(bytes))
                .withMessageContaining("REJECTED");
    }

    @Test
    void javaNamesWhatIsNotSerializable() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> jdk.encode(List.of(new Object())))
                .withMessageContaining("let java.lang.Object implement java.io.Serializable");
    }

    @Test
    void javaRefusesToWriteWhatItWouldNotRead() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new ReadBackCodec(jdk).encode(new Point(1, List.of())))
                .withMessageContaining("can be written but not read back")
                .withMessageContaining("larder.trusted-packages");
    }

    @Test
    void javaRefusesEveryTruncation() {
        byte[] bytes = jdk.encode(List.of("a", 1L));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> jdk.decode(cut));
        }
    }

    @Test
    void readBackHappensOfTheFirstOfAClassAndThenLessAndLess() {
        List<Integer> decoded = new ArrayList<>();
        Codec<Object> counting = new Codec<>() {
            private int encoded;

            @Override
            public byte[] encode(Object value) {
                encoded++;
                return new byte[0];
            }

            @Override
            public Object decode(byte[] bytes) {
                decoded.add(encoded);
                return "a";
            }
        };
        ReadBackCodec codec = new ReadBackCodec(counting);
        IntStream.range(0, 100).forEach(i -> codec.encode("a"));
        assertThat(decoded).containsExactly(1, 2, 4, 8, 16, 32, 64);
    }

    @Test
    void bytesGivesBackWhatWentIn() {
        BytesCodec codec = new BytesCodec();
        for (String text : List.of("", "text", "\n", "\ud83d\ude00")) {
            assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
            assertThat(codec.decode(codec.encode(text.getBytes(UTF_8)))).isEqualTo(text.getBytes(UTF_8));
        }
        assertThat(codec.decode(codec.encode(NullValue.INSTANCE))).isSameAs(NullValue.INSTANCE);
        assertThat(new String(codec.encode("{}"), UTF_8)).isEqualTo("\n{}");
    }

    @Test
    void bytesRefusesOtherTypesAndBytes() {
        BytesCodec codec = new BytesCodec();
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(1))
                .withMessage("The codec bytes takes byte[] and String, not a java.lang.Integer: use the codec json");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode("\ud83d"));
        for (byte[] odd : List.of(new byte[0], new byte[] {1}, new byte[] {'\n', -1}, new byte[] {'-', 1})) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(odd));
        }
    }

    @Test
    void codecOfTheApplicationSeesNoNulls() {
        Codec<Object> codec = new NullableCodec(new BytesCodec());
        assertThat(codec.encode(NullValue.INSTANCE)).containsExactly('-');
        assertThat(codec.decode(codec.encode(NullValue.INSTANCE))).isSameAs(NullValue.INSTANCE);
        assertThat(codec.decode(codec.encode("-"))).isEqualTo("-");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(new byte[0]));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(new byte[] {'x'}));
    }

    @Test
    void filesComeFromWhateverHasContent(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        byte[] content = "content".getBytes(UTF_8);
        for (Object value : List.of(
                file,
                file.toFile(),
                new ByteArrayResource(content),
                new ByteArrayInputStream(content),
                Payload.of(file))) {
            try (InputStream in = FileCodec.encode(value).open()) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
        Payload stored = Payload.of(file);
        assertThat(FileCodec.decode(stored)).isSameAs(stored);
        Files.write(file, FileCodec.encode(NullValue.INSTANCE).open().readAllBytes());
        assertThat(FileCodec.decode(stored)).isEqualTo(NullValue.INSTANCE);
        for (Object value : List.of("text", content)) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> FileCodec.encode(value));
        }
    }

    static Stream<Compression> compressions() {
        return Stream.of(Compression.deflate(), new Lz4Compression(), new ZstdCompression());
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void compressionIsExact(Compression compression) {
        Codec<Object> codec = new CompressingCodec<>(new BytesCodec(), compression, 100, 1_000_000);
        String text = "over and over ".repeat(1000);
        byte[] bytes = codec.encode(text);
        assertThat(bytes).hasSizeLessThan(text.length() / 10).startsWith(compression.mark());
        assertThat(codec.decode(bytes)).isEqualTo(text);
        for (int wrong : new int[] {text.length(), text.length() + 2, 1, 0, 1_000_000, 1_000_001, -1}) {
            byte[] changed = bytes.clone();
            ByteBuffer.wrap(changed).putInt(1, wrong);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(changed));
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void compressionsHaveMarksOfTheirOwn() {
        assertThat(compressions().map(Compression::mark))
                .doesNotHaveDuplicates()
                .doesNotContain((byte) '\n');
    }

    @Test
    void otherCompressionIsRefused() {
        byte[] bytes = new CompressingCodec<>(new BytesCodec(), new Lz4Compression(), 0, 1000).encode("a".repeat(500));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(
                        () -> new CompressingCodec<>(new BytesCodec(), new ZstdCompression(), 0, 1000).decode(bytes));
    }

    @Test
    void packagesAndThoseBelowAreTrusted() {
        TrustedTypes trusted = TrustedTypes.of(List.of("com.example"));
        assertThat(trusted.trusts("com.example.A")).isTrue();
        assertThat(trusted.trusts("com.example.a.b.C$D")).isTrue();
        assertThat(trusted.trusts("com.examples.A")).isFalse();
        assertThat(trusted.trusts("com.A")).isFalse();
        assertThat(trusted.trusts("example.A")).isFalse();
    }

    @Test
    void onlyValuesOfTheJdkAreTrusted() {
        TrustedTypes trusted = TrustedTypes.of(List.of());
        assertThat(Stream.of(String.class, int[].class, String[][].class, Instant.class, ArrayList.class))
                .allMatch(trusted::trusts);
        assertThat(Stream.of(
                        Class.class,
                        ClassLoader.class,
                        Runtime.class,
                        ProcessBuilder.class,
                        Thread.class,
                        java.net.URL.class,
                        java.lang.reflect.Proxy.class,
                        java.util.Timer.class,
                        java.util.PriorityQueue.class,
                        java.lang.invoke.SerializedLambda.class,
                        Point.class,
                        Point[].class))
                .noneMatch(trusted::trusts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "com.example.*", "com..example", ".com", "com.example ", "com/example"})
    void whatIsNoPackageIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedTypes.of(List.of(name)))
                .withMessageContaining("'" + name + "' is not the name of a package");
    }

    record Point(int x, List<String> names) implements Serializable {}

    static final class TrapDoorMaker implements Serializable {

        private static final long serialVersionUID = 1;
    }
}
