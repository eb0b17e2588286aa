package dev.larder.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.quicktheories.core.RandomnessSource;
import org.quicktheories.impl.Constraint;
import org.springframework.cache.interceptor.SimpleKey;

class SpringKeyCodecPropertyTests {

    /** Few, so that equal keys come up, and just those that the form itself is written in. */
    private static final String ALPHABET = "a1,\"\\()[]=:L'\ud83d\ude00";

    private final SpringKeyCodec codec = new SpringKeyCodec(Map.of());

    @Test
    void textsAreEqualIfAndOnlyIfKeysAre() {
        qt().forAll(manyKeys()).checkAssert(keys -> {
            Map<Object, String> texts = new LinkedHashMap<>();
            keys.forEach(key -> texts.put(key, codec.encode(key)));
            for (Object key : keys) {
                assertThat(codec.encode(key)).as("%s", key).isEqualTo(texts.get(key));
            }
            assertThat(new HashSet<>(texts.values())).hasSameSizeAs(texts.keySet());
        });
    }

    @Test
    void rebuiltKeysHaveTheSameText() {
        qt().forAll(manyKeys())
                .checkAssert(keys -> keys.forEach(key -> {
                    Object rebuilt = rebuilt(key);
                    assertThat(rebuilt).isEqualTo(key);
                    assertThat(codec.encode(rebuilt)).isEqualTo(codec.encode(key));
                }));
    }

    private static Gen<List<Object>> manyKeys() {
        return source -> {
            List<Object> keys = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                keys.add(key(source, 3));
            }
            return keys;
        };
    }

    private static long below(RandomnessSource source, int bound) {
        return source.next(Constraint.between(0, bound - 1));
    }

    private static Object key(RandomnessSource source, int depth) {
        long kind = below(source, depth == 0 ? 7 : 13);
        return switch ((int) kind) {
            case 0, 1 -> text(source);
            case 2 -> (int) below(source, 3);
            case 3 -> below(source, 3);
            case 4 -> below(source, 3) / 2.0;
            case 5 -> ALPHABET.charAt((int) below(source, ALPHABET.length()));
            case 6 -> new BigDecimal(below(source, 3)).setScale((int) below(source, 2));
            case 7 -> new SimpleKey(parts(source, depth).toArray());
            case 8 -> parts(source, depth);
            case 9 -> new LinkedHashSet<>(parts(source, depth));
            case 10 -> map(parts(source, depth), parts(source, depth));
            case 11 -> Optional.of(key(source, depth - 1));
            default -> new Pair(key(source, depth - 1), key(source, depth - 1));
        };
    }

    private static String text(RandomnessSource source) {
        StringBuilder text = new StringBuilder();
        for (long left = below(source, 4); left > 0; left--) {
            text.append(ALPHABET.charAt((int) below(source, ALPHABET.length())));
        }
        return text.toString();
    }

    private static List<Object> parts(RandomnessSource source, int depth) {
        List<Object> parts = new ArrayList<>();
        for (long left = below(source, 4); left > 0; left--) {
            parts.add(key(source, depth - 1));
        }
        return parts;
    }

    private static Map<Object, Object> map(List<Object> keys, List<Object> values) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
            map.put(keys.get(i), values.get(i));
        }
        return map;
    }

    /** An equal key, of other classes and in another order where that makes no difference. */
    private static Object rebuilt(Object key) {
        if (key instanceof SimpleKey) {
            return new SimpleKey(KeyParts.ofSimpleKey(key).stream()
                    .map(SpringKeyCodecPropertyTests::rebuilt)
                    .toArray());
        }
        if (key instanceof List<?> list) {
            return new LinkedList<>(
                    list.stream().map(SpringKeyCodecPropertyTests::rebuilt).toList());
        }
        if (key instanceof Set<?> set) {
            return new LinkedHashSet<>(reversed(set));
        }
        if (key instanceof Map<?, ?> map) {
            Map<Object, Object> backwards = new LinkedHashMap<>();
            reversed(map.keySet()).forEach(one -> backwards.put(one, map.get(one)));
            return Collections.unmodifiableMap(backwards);
        }
        return key instanceof String text ? new String(text) : key;
    }

    private static List<Object> reversed(Set<?> set) {
        List<Object> elements = Arrays.asList(set.toArray());
        Collections.reverse(elements);
        return elements;
    }

    private record Pair(Object one, Object other) {}
}
