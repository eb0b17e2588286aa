package dev.larder.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.larder.codec.ReadBackCodec;
import dev.larder.codec.Trap;
import dev.larder.codec.TrustedTypes;
import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.support.NullValue;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

class JacksonCodecTests {

    private static final TrustedTypes TRUSTED = TrustedTypes.of(List.of("dev.larder.jackson"));

    private static final Product PRODUCT = new Product("pen", new BigDecimal("1.50"), Instant.ofEpochSecond(1, 999));

    private static final List<ObjectMapper> MAPPERS = List.of(new JsonMapper(), new CBORMapper());

    static Stream<Arguments> untyped() {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("list", List.of(1, 2L, "three", 4.0, 5f, new BigDecimal("6.0"), BigInteger.TEN, (short) 7, 'c'));
        nested.put("null", null);
        nested.put("@class", "java.lang.ProcessBuilder");
        nested.put("map", Map.of(1, PRODUCT));
        Stream<Object> values = Stream.of(
                PRODUCT,
                new Bean("a", 1),
                new SubBean("a", 1, "b"),
                new Holder(PRODUCT, List.of(new Bean("a", 2), PRODUCT), new SubBean("x", 1, "y")),
                List.of(PRODUCT),
                List.of(),
                new LinkedList<>(List.of(PRODUCT, "text")),
                new ArrayList<>(Arrays.asList(null, PRODUCT)),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.singletonList(1L),
                Collections.emptyMap(),
                Arrays.asList(1, "2"),
                Set.of(1, 2, 3),
                new LinkedHashSet<>(List.of(3, 1, 2)),
                new TreeSet<>(Set.of("b", "a")),
                EnumSet.of(TimeUnit.DAYS),
                Collections.unmodifiableSet(new LinkedHashSet<>(List.of(PRODUCT))),
                Map.of("a", PRODUCT),
                Map.of(1L, "a"),
                Map.of(TimeUnit.DAYS, 1),
                Map.of(new UUID(1, 2), List.of(PRODUCT)),
                new EnumMap<>(Map.of(Size.LARGE, 1)),
                new TreeMap<>(Map.of(2, "b", 1, "a")),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("a", 1))),
                nested,
                Size.LARGE,
                "text",
                "",
                1,
                1L,
                1.5,
                Double.NaN,
                1.5f,
                true,
                'c',
                new BigDecimal("1.00"),
                new BigDecimal("1E+3"),
                BigInteger.ONE.shiftLeft(100),
                Instant.ofEpochSecond(1, 1),
                LocalDate.EPOCH,
                ZonedDateTime.parse("2026-11-30T10:00:00+01:00[Europe/Paris]"),
                OffsetDateTime.parse("2026-11-30T10:00:00+05:00"),
                Duration.ofNanos(1),
                new UUID(1, 2),
                URI.create("http://a"),
                BitSet.valueOf(new long[] {5, 1}),
                Map.of(Locale.forLanguageTag("zh-Hans-CN"), "a", Locale.forLanguageTag("zh-Hant-CN"), "b"),
                NullValue.INSTANCE);
        return values.flatMap(value -> MAPPERS.stream().map(mapper -> Arguments.of(mapper, value)));
    }

    @ParameterizedTest
    @MethodSource("untyped")
    void withoutTypeWhatComesBackEqualsWhatWentIn(ObjectMapper mapper, Object value) {
        Object back = back(codec(mapper, null), value);
        assertThat(back).isEqualTo(value);
        if (value instanceof LinkedHashSet || value instanceof LinkedHashMap) {
            assertThat(back).hasToString(value.toString());
        }
    }

    static Stream<Arguments> scalars() {
        Stream<Object> values = Stream.of(
                1L, 1, "text", true, 1.5, new BigDecimal("1.50"), LocalDate.EPOCH, new UUID(1, 2), Size.LARGE);
        return values.flatMap(value -> MAPPERS.stream().map(mapper -> Arguments.of(mapper, value)));
    }

    /** Methods that agreed on the type do no more, or somebody else uses the cache without saying what is in it. */
    @ParameterizedTest
    @MethodSource("scalars")
    void whatWasWrittenForADeclaredTypeIsNotTakenForAnother(ObjectMapper mapper, Object value) {
        byte[] written = codec(mapper, value.getClass()).encode(value);
        for (Type open : List.of(Object.class, Comparable.class)) {
            Codec<Object> codec = codec(mapper, open);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(written));
        }
    }

    static Stream<Arguments> typed() throws Exception {
        Map<Size, List<Optional<Product>>> deep = new EnumMap<>(Size.class);
        deep.put(Size.SMALL, List.of(Optional.of(PRODUCT), Optional.empty()));
        Stream<Arguments> values = Stream.of(
                Arguments.of(PRODUCT, Product.class),
                Arguments.of(List.of(PRODUCT), new ParameterizedTypeReference<List<Product>>() {}.getType()),
                Arguments.of(List.of(PRODUCT), new ParameterizedTypeReference<Collection<Product>>() {}.getType()),
                Arguments.of(Set.of(PRODUCT), new ParameterizedTypeReference<Collection<Product>>() {}.getType()),
                Arguments.of(
                        Map.of("a", new BigDecimal("1.00"), "b", new BigDecimal("1.0")),
                        new ParameterizedTypeReference<Map<String, BigDecimal>>() {}.getType()),
                Arguments.of(
                        Map.of(1L, Set.of(PRODUCT)),
                        new ParameterizedTypeReference<Map<Long, Set<Product>>>() {}.getType()),
                Arguments.of(deep, new ParameterizedTypeReference<Map<Size, List<Optional<Product>>>>() {}.getType()),
                Arguments.of(new Box<>(PRODUCT), new ParameterizedTypeReference<Box<Product>>() {}.getType()),
                Arguments.of(
                        new Box<>(new BigDecimal("1.0")),
                        new ParameterizedTypeReference<Box<BigDecimal>>() {}.getType()),
                Arguments.of(new GenericBean<>(1L), new ParameterizedTypeReference<GenericBean<Long>>() {}.getType()),
                Arguments.of(new Bean("a", 1), Bean.class),
                Arguments.of(new SubBean("a", 1, "b"), Bean.class),
                Arguments.of(
                        List.of(new SubBean("a", 1, "b")), new ParameterizedTypeReference<List<Bean>>() {}.getType()),
                Arguments.of(new Circle(1), Shape.class),
                Arguments.of(
                        List.of(new Circle(1), new Square(2)),
                        new ParameterizedTypeReference<List<? extends Shape>>() {}.getType()),
                Arguments.of(new Annotated(new Circle(1)), Annotated.class),
                Arguments.of(1, Number.class),
                Arguments.of(1L, Number.class),
                Arguments.of(1L, Long.class),
                Arguments.of('c', Character.class),
                Arguments.of(Size.LARGE, Size.class),
                Arguments.of(Instant.ofEpochSecond(1, 1), Instant.class),
                Arguments.of("text", String.class),
                Arguments.of(new Box<>(new BitSet()), new ParameterizedTypeReference<Box<BitSet>>() {}.getType()),
                Arguments.of(
                        new Box<>(BitSet.valueOf(new long[] {5, 1})),
                        new ParameterizedTypeReference<Box<BitSet>>() {}.getType()),
                Arguments.of(
                        Map.of(Locale.ROOT, "a", Locale.forLanguageTag("sr-Latn"), "b", Locale.GERMANY, "c"),
                        new ParameterizedTypeReference<Map<Locale, String>>() {}.getType()),
                Arguments.of(NullValue.INSTANCE, Product.class),
                Arguments.of(NullValue.INSTANCE, new ParameterizedTypeReference<List<Product>>() {}.getType()),
                Arguments.of(List.of(1, "a", PRODUCT), List.class),
                Arguments.of(List.of(1, "a", PRODUCT), new ParameterizedTypeReference<List<?>>() {}.getType()),
                Arguments.of(
                        new LinkedList<>(List.of(1)),
                        new ParameterizedTypeReference<LinkedList<Integer>>() {}.getType()));
        return values.flatMap(
                value -> MAPPERS.stream().map(mapper -> Arguments.of(mapper, value.get()[0], value.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("typed")
    void withTypeWhatComesBackEqualsWhatWentIn(ObjectMapper mapper, Object value, Type type) {
        assertThat(back(codec(mapper, type), value)).isEqualTo(value);
    }

    @Test
    void byteArraysComeBack() {
        byte[] bytes = {0, -1, 10};
        for (ObjectMapper mapper : MAPPERS) {
            assertThat(back(codec(mapper, byte[].class), bytes)).isEqualTo(bytes);
            assertThat(back(codec(mapper, null), bytes)).isEqualTo(bytes);
            assertThat(back(codec(mapper, null), new Product[] {PRODUCT})).isEqualTo(new Product[] {PRODUCT});
            assertThat(back(codec(mapper, null), new int[][] {{1}})).isEqualTo(new int[][] {{1}});
        }
    }

    @Test
    void declaredTypeNeedsNoNames() {
        Type type = new ParameterizedTypeReference<List<Product>>() {}.getType();
        assertThat(text(codec(new JsonMapper(), type).encode(List.of(PRODUCT))))
                .isEqualTo("[{\"name\":\"pen\",\"price\":1.50,\"added\":\"1970-01-01T00:00:01.000000999Z\"}]");
        assertThat(text(codec(new JsonMapper(), Bean.class).encode(new Bean("a", 1))))
                .isEqualTo("{\"name\":\"a\",\"size\":1}");
    }

    @Test
    void namesAreWrittenWhereTheDeclaredTypeDoesNotTell() {
        assertThat(text(codec(new JsonMapper(), null).encode(List.of(new Bean("a", 1)))))
                .isEqualTo("[\"java.util.ArrayList\",[{\"@class\":\"dev.larder.jackson.JacksonCodecTests$Bean\","
                        + "\"name\":\"a\",\"size\":1}]]");
        assertThat(text(codec(new JsonMapper(), Bean.class).encode(new SubBean("a", 1, "b"))))
                .startsWith("{\"@class\":\"dev.larder.jackson.JacksonCodecTests$SubBean\",");
    }

    @Test
    void settingsOfTheMapperApply() {
        ObjectMapper snake = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
                .build();
        byte[] bytes = codec(snake, Bean.class).encode(new Bean("a", 1));
        assertThat(text(bytes)).isEqualTo("{\"NAME\":\"a\",\"SIZE\":1}");
        assertThat(codec(snake, Bean.class).decode(bytes)).isEqualTo(new Bean("a", 1));
        assertThat(snake.writeValueAsString(List.of(new Bean("a", 1)))).isEqualTo("[{\"NAME\":\"a\",\"SIZE\":1}]");
    }

    @ParameterizedTest
    @EnumSource(names = {"NON_NULL", "NON_EMPTY", "NON_DEFAULT"})
    void whatTheMapperLeavesOutElsewhereComesBack(JsonInclude.Include included) {
        ObjectMapper sparing = JsonMapper.builder()
                .changeDefaultPropertyInclusion(inclusion -> JsonInclude.Value.construct(included, included))
                .build();
        Holder empty = new Holder(new Product("", new BigDecimal("0.00"), null), List.of(), null);
        assertThat(back(codec(sparing, Holder.class), empty)).isEqualTo(empty);
    }

    @Test
    void treesComeBack() {
        JsonNode tree = new JsonMapper().readTree("{\"a\":[1,{\"@class\":\"x\"}]}");
        assertThat(back(codec(new JsonMapper(), JsonNode.class), tree)).isEqualTo(tree);
    }

    @ParameterizedTest
    @MethodSource("planted")
    void plantedClassNamesAreNeverInitialized(Type type, String json) {
        Codec<Object> codec = codec(new JsonMapper(), type);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json.getBytes(StandardCharsets.UTF_8)));
        assertThat(Trap.sprung()).isFalse();
    }

    /** It is looked at to tell whether it is of the declared type, and is none. */
    @Test
    void trustedClassOfAnotherTypeIsNotInitialized() {
        JacksonCodecs codecs = new JacksonCodecs(
                new JsonMapper(),
                TrustedTypes.of(List.of("dev.larder.codec", "dev.larder.jackson")),
                getClass().getClassLoader());
        byte[] bytes = "{\"@class\":\"dev.larder.codec.TrapDoor\"}".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec(() -> Shape.class).decode(bytes));
        assertThat(Trap.sprung()).isFalse();
    }

    static Stream<Arguments> planted() {
        String name = "dev.larder.codec.TrapDoor";
        return Stream.of(
                Arguments.of(null, "{\"@class\":\"" + name + "\"}"),
                Arguments.of(null, "[\"" + name + "\",{}]"),
                Arguments.of(null, "[\"" + name + "[]\",[]]"),
                Arguments.of(null, "[\"java.util.ArrayList\",[{\"@class\":\"" + name + "\"}]]"),
                Arguments.of(null, "{\"@class\":\"java.util.HashMap<" + name + ">\",\"a\":1}"),
                Arguments.of(null, "[\"java.util.ArrayList<" + name + ">\",[]]"),
                Arguments.of(null, "[\"java.lang.Class\",\"" + name + "\"]"),
                Arguments.of(Bean.class, "{\"@class\":\"" + name + "\"}"),
                Arguments.of(Shape.class, "{\"@class\":\"" + name + "\"}"),
                Arguments.of(Shape.class, "{\"@class\":\"dev.larder.jackson.JacksonCodecTests$Bean\"}"),
                Arguments.of(Shape.class, "{\"@class\":\"java.util.HashMap<java.lang.Integer>\",\"1\":2}"),
                Arguments.of(Annotated.class, "{\"shape\":{\"@class\":\"" + name + "\"}}"),
                Arguments.of(
                        Annotated.class, "{\"any\":{\"@class\":\"java.util.HashMap<" + name + ",java.lang.String>\"}}"),
                Arguments.of(Annotated.class, "{\"any\":[\"java.util.ArrayList<" + name + ">\",[]]}"));
    }

    @Test
    void trapWorks() {
        Codec<Object> trusting = new JacksonCodecs(
                        new JsonMapper(),
                        TrustedTypes.of(List.of("dev.larder.codec")),
                        getClass().getClassLoader())
                .codec(() -> null);
        Trap.set();
        trusting.decode("{\"@class\":\"dev.larder.codec.Trap$Door\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(Trap.sprung()).isTrue();
        Trap.set();
    }

    /** Has a constructor without parameters, and nothing to tell what is in it. */
    static final class Opaque {

        private final int hidden;

        Opaque() {
            this(0);
        }

        Opaque(int hidden) {
            this.hidden = hidden;
        }

        int length() {
            return hidden;
        }
    }

    static Stream<Object> unencodable() {
        return Stream.of(
                new Trap(),
                Map.of(1, "a", "1", "b"),
                Map.of(PRODUCT, "a"),
                List.of(Optional.of(1)),
                new Unreadable("a"),
                new Forgetful("a", "b"),
                new Object(),
                new Opaque(1),
                List.of(new Thread()),
                new TreeMap<>(Map.of(new PriceKey(1), 1)));
    }

    @ParameterizedTest
    @MethodSource("unencodable")
    void whatWouldNotComeBackIsRefused(Object value) {
        Codec<Object> codec = new ReadBackCodec(codec(new JsonMapper(), null));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(value))
                .satisfies(ex -> assertThat(ex.type()).isNotNull());
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(value));
    }

    @Test
    void valueOfAnotherTypeIsRefusedWithARemedy() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec(new JsonMapper(), Bean.class).encode("text"))
                .withMessageContaining("java.lang.String")
                .withMessageContaining("set value-type to java.lang.Object");
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsRefused(String json) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec(new JsonMapper(), Bean.class).decode(json.getBytes(StandardCharsets.UTF_8)));
    }

    static Stream<String> garbage() {
        return Stream.of(
                "",
                "{",
                "[]",
                "1",
                "{\"name\":{}}",
                "{\"name\":\"a\",\"size\":\"no number\"}",
                "{} {}",
                "{\"name\":\"a\"}x",
                "[".repeat(100_000));
    }

    @Test
    void valueTypeIsAnExpression() {
        JacksonCodecs codecs =
                new JacksonCodecs(new JsonMapper(), TRUSTED, getClass().getClassLoader());
        Type type = codecs.typeOf("java.util.List<dev.larder.jackson.JacksonCodecTests$Bean>");
        Codec<Object> codec = codecs.codec(() -> type);
        assertThat(codec.decode("[{\"name\":\"a\",\"size\":1}]".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(List.of(new Bean("a", 1)));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> codecs.typeOf("java.util.List<"));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> codecs.typeOf("com.example.Gone"));
    }

    private Codec<Object> codec(ObjectMapper mapper, Type type) {
        return new JacksonCodecs(mapper, TRUSTED, getClass().getClassLoader()).codec(() -> type);
    }

    private static Object back(Codec<Object> codec, Object value) {
        return codec.decode(new ReadBackCodec(codec).encode(value));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "XL";
            }
        }
    }

    record Product(String name, BigDecimal price, Instant added) {}

    record Holder(Object any, List<Object> list, Bean bean) {}

    record Box<T>(T content) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record Annotated(
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Shape shape,

            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.WRAPPER_ARRAY)
            Object any) {

        Annotated(Shape shape) {
            this(shape, new Circle(3));
        }
    }

    record PriceKey(int value) implements Comparable<PriceKey> {
        @Override
        public int compareTo(PriceKey other) {
            return Comparator.comparingInt(PriceKey::value).compare(this, other);
        }
    }

    static class Bean {

        private String name;
        private int size;

        Bean() {}

        Bean(String name, int size) {
            this.name = name;
            this.size = size;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }

        @Override
        public boolean equals(Object other) {
            return other != null
                    && other.getClass() == getClass()
                    && ((Bean) other).name.equals(name)
                    && ((Bean) other).size == size;
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, size);
        }
    }

    static class SubBean extends Bean {

        private String more;

        SubBean() {}

        SubBean(String name, int size, String more) {
            super(name, size);
            this.more = more;
        }

        public String getMore() {
            return more;
        }

        public void setMore(String more) {
            this.more = more;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other) && ((SubBean) other).more.equals(more);
        }

        @Override
        public int hashCode() {
            return Objects.hash(super.hashCode(), more);
        }
    }

    static class GenericBean<T> {

        private T content;

        GenericBean() {}

        GenericBean(T content) {
            this.content = content;
        }

        public T getContent() {
            return content;
        }

        public void setContent(T content) {
            this.content = content;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof GenericBean<?> bean && bean.content.equals(content);
        }

        @Override
        public int hashCode() {
            return content.hashCode();
        }
    }

    /** Has no constructor that Jackson could use. */
    static final class Unreadable {

        private final String hidden;

        Unreadable(String hidden) {
            this.hidden = hidden;
        }

        public String getText() {
            return hidden;
        }
    }

    /** Does not tell Jackson all of its state. */
    record Forgetful(String name, @JsonIgnore String secret) {}
}
