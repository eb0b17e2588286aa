package dev.larder.spring;

import dev.larder.store.CodecException;
import dev.larder.store.KeyCodec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The keys of Spring caches as text that a person can read, and that stays the same from one run and release to the next.
 *
 * <p>The text begins with the version of this form. A string follows as it is, {@code 1-abc}; anything else as a literal,
 * {@code 1:("abc",42L)}:
 *
 * <pre>
 *   "abc"  'c'  42  42L  true  null      string, character, int, long, boolean, null
 *   short(42)  double(1.5)               other primitive types
 *   ("abc",42)                           the arguments of a method, which is a SimpleKey
 *   [1,2]  set(1,2)  map("a"=1)          a list of any class; sets and maps in the order of their texts
 *   array("a","b")  byte[](00ff)         arrays, which are equal here if their elements are
 *   Optional("abc")                      an optional
 *   com.example.Color.RED                an enum constant
 *   com.example.Point(1,2)               a record, by its components
 *   java.time.LocalDate(2026-11-30)      values of the JDK that are equal if and only if their texts are
 *   com.example.Money:"EUR 5"            a type with a codec of the application
 * </pre>
 *
 * <p>A backslash escapes quotes, itself, control characters and halves of surrogate pairs.
 *
 * <p>A codec of the application is used for all keys that are instances of its type, before anything else; of several the
 * one with the most specific type. Any other type is a {@link CodecException}: its {@code toString()} would not do, because
 * two keys may share it.
 *
 * <p>Thread-safe.
 */
public final class SpringKeyCodec implements KeyCodec<Object> {

    /** Deeper than any sensible key, and not so deep that a list that contains itself overflows the stack. */
    private static final int MAX_DEPTH = 64;

    private static final String TEXT = "1-";

    private static final String LITERAL = "1:";

    private final OwnKeyCodecs own;

    /** A codec for the types above, and for those that the application has codecs for. */
    public SpringKeyCodec(Map<Class<?>, ? extends KeyCodec<?>> own) {
        this.own = new OwnKeyCodecs(own);
    }

    @Override
    public String encode(Object key) {
        if (key instanceof String text && own.find(String.class) == null) {
            return KeyText.escape(new StringBuilder(text.length() + 16).append(TEXT), text, KeyText.NO_QUOTE)
                    .toString();
        }
        StringBuilder target = new StringBuilder(64).append(LITERAL);
        append(target, key, 0);
        return target.toString();
    }

    private void append(StringBuilder target, @Nullable Object key, int depth) {
        if (depth > MAX_DEPTH) {
            throw new CodecException(
                    "A key is nested more than %d deep: does it contain itself?".formatted(MAX_DEPTH), null);
        }
        if (key == null) {
            target.append("null");
        } else if (!appendOwn(target, key) && !KeyText.appendValue(target, key)) {
            appendParts(target, key, depth + 1);
        }
    }

    private boolean appendOwn(StringBuilder target, Object key) {
        OwnKeyCodecs.Own codec = own.find(key.getClass());
        if (codec == null) {
            return false;
        }
        KeyText.quote(target.append(codec.type().getName()).append(':'), codec.encode(key));
        return true;
    }

    private void appendParts(StringBuilder target, Object key, int depth) {
        if (key.getClass() == SimpleKey.class) {
            appendAll(target, "(", KeyParts.ofSimpleKey(key), ")", depth);
        } else if (key instanceof Record) {
            appendAll(target, key.getClass().getName() + "(", KeyParts.ofRecord(key), ")", depth);
        } else if (key instanceof List<?> list) {
            appendAll(target, "[", list, "]", depth);
        } else if (key instanceof Set<?> set) {
            appendSorted(target, "set(", set, depth);
        } else if (key instanceof Map<?, ?> map) {
            appendSorted(target, "map(", map.entrySet(), depth);
        } else if (key instanceof Map.Entry<?, ?> entry) {
            appendEntry(target.append("entry("), entry, depth);
            target.append(')');
        } else if (key.getClass().isArray()) {
            String kind = key instanceof Object[] ? "array" : key.getClass().getSimpleName();
            appendAll(target, kind + "(", KeyParts.ofArray(key), ")", depth);
        } else {
            List<?> content = KeyParts.ofOptional(key);
            if (content == null) {
                throw unknown(key.getClass());
            }
            appendAll(target, key.getClass().getSimpleName() + "(", content, ")", depth);
        }
    }

    private void appendAll(StringBuilder target, String open, Collection<?> parts, String close, int depth) {
        target.append(open);
        boolean first = true;
        for (Object part : parts) {
            if (!first) {
                target.append(',');
            }
            first = false;
            append(target, part, depth);
        }
        target.append(close);
    }

    /** Equal sets and maps may give their elements in any order. */
    private void appendSorted(StringBuilder target, String open, Collection<?> parts, int depth) {
        List<String> texts = parts.stream()
                .map(part -> {
                    StringBuilder text = new StringBuilder();
                    if (open.startsWith("map") && part instanceof Map.Entry<?, ?> entry) {
                        appendEntry(text, entry, depth);
                    } else {
                        append(text, part, depth);
                    }
                    return text.toString();
                })
                .sorted()
                .toList();
        target.append(open).append(String.join(",", texts)).append(')');
    }

    private void appendEntry(StringBuilder target, Map.Entry<?, ?> entry, int depth) {
        append(target, entry.getKey(), depth);
        append(target.append('='), entry.getValue(), depth);
    }

    private static CodecException unknown(Class<?> type) {
        return new CodecException(
                "A %s cannot be a key outside of the heap: make it a record, name a simpler key (key = \"#argument.id\"), or define a bean of type %s<%s>"
                        .formatted(type.getName(), KeyCodec.class.getName(), type.getSimpleName()),
                type,
                null);
    }
}
