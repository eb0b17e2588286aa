package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.store.CodecException;
import dev.larder.store.KeyCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

class SpringKeyCodecTests {

    private final SpringKeyCodec codec = new SpringKeyCodec(Map.of());

    /** The form of version 1. Changing a line of these loses every entry that is kept under such a key. */
    static Stream<Arguments> texts() throws Exception {
        return Stream.of(
                Arguments.of("abc", "1-abc"),
                Arguments.of("", "1-"),
                Arguments.of("\"\\\n", "1-\"\\\\\\u000a"),
                Arguments.of("\ud83d\ude00", "1-\ud83d\ude00"),
                Arguments.of("\ude00\ud83d", "1-\\ude00\\ud83d"),
                Arguments.of(1, "1:1"),
                Arguments.of(1L, "1:1L"),
                Arguments.of((short) 1, "1:short(1)"),
                Arguments.of((byte) 1, "1:byte(1)"),
                Arguments.of(1.0, "1:double(1)"),
                Arguments.of(0.1, "1:double(0.1)"),
                Arguments.of(-0.0, "1:double(-0.0)"),
                Arguments.of(Double.NaN, "1:double(NaN)"),
                Arguments.of(Double.MIN_VALUE, "1:double(5E-324)"),
                Arguments.of(5.684341886080802E-14, "1:double(5.6843418860808015E-14)"),
                Arguments.of(0.1f, "1:float(0.1)"),
                Arguments.of(Float.POSITIVE_INFINITY, "1:float(Infinity)"),
                Arguments.of('"', "1:'\"'"),
                Arguments.of('\'', "1:'\\''"),
                Arguments.of(true, "1:true"),
                Arguments.of(new BigDecimal("1.0"), "1:java.math.BigDecimal(1.0)"),
                Arguments.of(new BigDecimal("1.00"), "1:java.math.BigDecimal(1.00)"),
                Arguments.of(BigInteger.ONE, "1:java.math.BigInteger(1)"),
                Arguments.of(new UUID(1, 2), "1:java.util.UUID(00000000-0000-0001-0000-000000000002)"),
                Arguments.of(TimeUnit.DAYS, "1:java.util.concurrent.TimeUnit.DAYS"),
                Arguments.of(Shape.ROUND, "1:dev.larder.spring.SpringKeyCodecTests$Shape.ROUND"),
                Arguments.of(SimpleKey.EMPTY, "1:()"),
                Arguments.of(new SimpleKey("a", "b"), "1:(\"a\",\"b\")"),
                Arguments.of(new SimpleKey("a, b"), "1:(\"a, b\")"),
                Arguments.of(new SimpleKey((Object) null), "1:(null)"),
                Arguments.of(new SimpleKey((Object) new String[] {"a"}), "1:(array(\"a\"))"),
                Arguments.of(List.of("a", 1), "1:[\"a\",1]"),
                Arguments.of(Set.of(2, 1), "1:set(1,2)"),
                Arguments.of(Map.of("b", 1, "a", 2), "1:map(\"a\"=2,\"b\"=1)"),
                Arguments.of(Map.entry("a", 1), "1:entry(\"a\"=1)"),
                Arguments.of(Set.of(Map.entry("a", 1)), "1:set(entry(\"a\"=1))"),
                Arguments.of(new int[] {1, 2}, "1:int[](1,2)"),
                Arguments.of(new byte[] {0, -1}, "1:byte[](00ff)"),
                Arguments.of(new Object[] {"a", null}, "1:array(\"a\",null)"),
                Arguments.of(Optional.of("a"), "1:Optional(\"a\")"),
                Arguments.of(OptionalInt.empty(), "1:OptionalInt()"),
                Arguments.of(new Point(1, "b"), "1:dev.larder.spring.SpringKeyCodecTests$Point(1,\"b\")"),
                Arguments.of(Instant.EPOCH, "1:java.time.Instant(1970-01-01T00:00:00Z)"),
                Arguments.of(LocalDate.EPOCH, "1:java.time.LocalDate(1970-01-01)"),
                Arguments.of(ZoneOffset.UTC, "1:java.time.ZoneId(Z)"),
                Arguments.of(ZoneId.of("Europe/Paris"), "1:java.time.ZoneId(Europe/Paris)"),
                Arguments.of(Duration.ofSeconds(90), "1:java.time.Duration(PT1M30S)"),
                Arguments.of(Period.ofDays(14), "1:java.time.Period(P14D)"),
                Arguments.of(Year.of(2026), "1:java.time.Year(2026)"),
                Arguments.of(new Date(0), "1:java.util.Date(1970-01-01T00:00:00Z)"),
                Arguments.of(Currency.getInstance("EUR"), "1:java.util.Currency(EUR)"),
                Arguments.of(Locale.GERMANY, "1:java.util.Locale(\"de\",\"\",\"DE\",\"\")"),
                Arguments.of(StandardCharsets.UTF_8, "1:java.nio.charset.Charset(UTF-8)"),
                Arguments.of(String.class, "1:java.lang.Class(\"java.lang.String\")"),
                Arguments.of(new URI("HTTP://U@Host/%2f?q#f"), "1:java.net.URI(\"http://U@host/%2F?q#f\")"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textIsThatOfVersionOne(Object key, String text) {
        assertThat(codec.encode(key)).isEqualTo(text);
    }

    @Test
    void keysThatLookAlikeDiffer() throws Exception {
        List<Object> keys = new ArrayList<>(
                List.of("1", 1, 1L, (short) 1, (byte) 1, 1.0, 1.0f, '1', true, "true", "null", "1L", "()", "[]"));
        keys.addAll(List.of(new BigDecimal("1"), new BigDecimal("1.0"), BigInteger.ONE, 0.0, -0.0, 0.0f));
        keys.addAll(
                List.of(new SimpleKey("a", "b"), new SimpleKey("a, b"), new SimpleKey("a\",\"b"), List.of("a", "b")));
        keys.addAll(List.of(List.of("a, b"), List.of(List.of("a", "b")), List.of(List.of("a"), "b"), Set.of("a", "b")));
        keys.addAll(List.of(
                List.of(), Set.of(), Map.of(), SimpleKey.EMPTY, new SimpleKey((Object) null), Optional.empty()));
        keys.addAll(List.of(new Point(1, "a"), new Place(1, "a"), List.of(1, "a"), Map.of(1, "a"), Map.entry(1, "a")));
        keys.addAll(List.of(LocalDate.EPOCH, "1970-01-01", LocalDateTime.MIN, Instant.EPOCH, new Date(0)));
        keys.addAll(List.of(Shape.ROUND, Shape.SQUARE, "ROUND", Other.ROUND, Period.ofMonths(12), Period.ofYears(1)));
        keys.addAll(List.of(new int[] {1}, new long[] {1}, new Integer[] {1}, new byte[] {1}, new int[0], new long[0]));
        keys.addAll(List.of(
                ZonedDateTime.of(LocalDateTime.MIN, ZoneOffset.UTC), LocalDateTime.MIN.atOffset(ZoneOffset.UTC)));
        keys.addAll(
                List.of(ZonedDateTime.of(LocalDateTime.MIN, ZoneId.of("UTC")), YearMonth.of(1, 1), MonthDay.of(1, 1)));
        keys.addAll(List.of(new Locale.Builder().setScript("Latn").build(), Locale.ROOT, Locale.ENGLISH, Locale.UK));
        keys.addAll(List.of(
                Locale.forLanguageTag("de-u-co-phonebk"), Locale.GERMAN, new URI("a"), new URI("A"), "\ud83d", "?"));
        keys.addAll(List.of("\\ud83d", "\ude00", Optional.of("a"), List.of("a"), Optional.of(Optional.of("a"))));
        assertThat(keys.stream().map(codec::encode)).doesNotHaveDuplicates();
    }

    @Test
    void equalKeysAreTheSameText() throws Exception {
        assertSame(List.of("a", 1), new LinkedList<>(List.of("a", 1)), Arrays.asList("a", 1));
        assertSame(Set.of(1, 2, 3), new TreeSet<>(Set.of(3, 2, 1)), new HashSet<>(List.of(2, 3, 1)));
        assertSame(EnumSet.of(TimeUnit.DAYS), Set.of(TimeUnit.DAYS), Collections.singleton(TimeUnit.DAYS));
        Map<String, Integer> backwards = new LinkedHashMap<>();
        IntStream.range(0, 20).forEach(i -> backwards.put("k" + (19 - i), i));
        assertSame(
                backwards, new HashMap<>(backwards), new TreeMap<>(backwards), Collections.unmodifiableMap(backwards));
        assertSame(new SimpleKey(1, Set.of(1, 2)), new SimpleKey(1, new TreeSet<>(Set.of(1, 2))));
        assertSame(new URI("http://a:/%aF"), new URI("HTTP://A/%Af"));
        assertSame(Double.NaN, Double.longBitsToDouble(0x7ff8000000000001L));
        assertSame(ZoneId.of("+01:00"), ZoneOffset.ofHours(1));
        assertSame(new SimpleEntryOf("a", 1).entry(), Map.entry("a", 1));
        assertSame(OffsetDateTime.MIN, OffsetDateTime.parse(OffsetDateTime.MIN.toString()));
    }

    private void assertSame(Object... keys) {
        assertThat(keys).allSatisfy(key -> assertThat(key).isEqualTo(keys[0]));
        assertThat(Stream.of(keys).map(codec::encode).distinct()).hasSize(1);
    }

    @Test
    void arraysInKeysAreComparedByTheirElements() {
        SimpleKey key = new SimpleKey("a", new String[] {"b"}, new int[] {1});
        assertThat(key).isEqualTo(new SimpleKey("a", new Object[] {"b"}, new int[] {1}));
        assertThat(codec.encode(key)).isEqualTo(codec.encode(new SimpleKey("a", new Object[] {"b"}, new int[] {1})));
    }

    @Test
    void textDoesNotDependOnLocaleOrTimeZone() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        List<Object> keys = List.of(1234567, 1.5, new Date(0), Set.of("I", "i", "\u0131"), URI.create("HTTP://I"));
        List<String> before = keys.stream().map(codec::encode).toList();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            assertThat(keys.stream().map(codec::encode).toList()).isEqualTo(before);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void otherTypesAreRefusedWithARemedy() throws Exception {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new SimpleKey("a", new AtomicInteger())))
                .withMessage(
                        "A java.util.concurrent.atomic.AtomicInteger cannot be a key outside of the heap: make it a"
                                + " record, name a simpler key (key = \"#argument.id\"), or define a bean of type"
                                + " dev.larder.store.KeyCodec<AtomicInteger>")
                .satisfies(ex -> assertThat(ex.type()).isEqualTo(AtomicInteger.class));
        for (Object key : List.of(new Object(), new URL("http://a"), new StringBuilder("a"), new BigDecimal("1") {})) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(key));
        }
    }

    @Test
    void listThatContainsItselfIsRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(list));
    }

    @Test
    void ownCodecIsUsedForItsTypeAndSubtypes() {
        KeyCodec<Animal> animals = animal -> animal.name;
        KeyCodec<Dog> dogs = dog -> "dog " + dog.name;
        SpringKeyCodec own = new SpringKeyCodec(Map.of(Animal.class, animals, Dog.class, dogs));
        String name = "dev.larder.spring.SpringKeyCodecTests$";
        assertThat(own.encode(new Animal("a\""))).isEqualTo("1:" + name + "Animal:\"a\\\"\"");
        assertThat(own.encode(new Cat("a"))).isEqualTo("1:" + name + "Animal:\"a\"");
        assertThat(own.encode(List.of(new Dog("a")))).isEqualTo("1:[" + name + "Dog:\"dog a\"]");
        assertThat(own.encode("a")).isEqualTo("1-a");
    }

    @Test
    void ownCodecComesBeforeTheOthers() {
        KeyCodec<Point> points = point -> "x";
        KeyCodec<String> upper = text -> text.toUpperCase(Locale.ROOT);
        SpringKeyCodec own = new SpringKeyCodec(Map.of(Point.class, points, String.class, upper));
        assertThat(own.encode(new Point(1, "a")))
                .isEqualTo("1:dev.larder.spring.SpringKeyCodecTests$Point:\"x\"")
                .isNotEqualTo(codec.encode(new Point(1, "a")));
        assertThat(own.encode("a")).isEqualTo("1:java.lang.String:\"A\"");
    }

    enum Shape {
        ROUND {
            @Override
            public String toString() {
                return "o";
            }
        },
        SQUARE
    }

    enum Other {
        ROUND
    }

    private record Point(int x, String y) {}

    record Place(int x, String y) {}

    record SimpleEntryOf(String key, int value) {
        Map.Entry<String, Integer> entry() {
            return new java.util.AbstractMap.SimpleEntry<>(key, value);
        }
    }

    static class Animal {

        final String name;

        Animal(String name) {
            this.name = name;
        }
    }

    static class Cat extends Animal {
        Cat(String name) {
            super(name);
        }
    }

    static class Dog extends Animal {
        Dog(String name) {
            super(name);
        }
    }
}
