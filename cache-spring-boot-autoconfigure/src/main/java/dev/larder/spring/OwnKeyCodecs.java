package dev.larder.spring;

import dev.larder.store.KeyCodec;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codecs of an application for keys of its own types. Thread-safe. */
final class OwnKeyCodecs {

    private final List<Own> all;

    private final ClassValue<List<Own>> nearest = new ClassValue<>() {
        @Override
        protected List<Own> computeValue(Class<?> type) {
            return search(type);
        }
    };

    OwnKeyCodecs(Map<Class<?>, ? extends KeyCodec<?>> codecs) {
        this.all = codecs.entrySet().stream()
                .map(codec -> new Own(codec.getKey(), codec.getValue()))
                .sorted(Comparator.comparing(codec -> codec.type().getName()))
                .toList();
    }

    /** The codec with the most specific type that is this or a supertype of it. */
    @Nullable
    Own find(Class<?> type) {
        if (all.isEmpty()) {
            return null;
        }
        List<Own> found = nearest.get(type);
        return found.isEmpty() ? null : found.get(0);
    }

    private List<Own> search(Class<?> type) {
        List<Own> matching =
                all.stream().filter(own -> own.type().isAssignableFrom(type)).toList();
        return matching.stream()
                .filter(own -> matching.stream()
                        .noneMatch(other -> !other.equals(own) && own.type().isAssignableFrom(other.type())))
                .limit(1)
                .toList();
    }

    record Own(Class<?> type, KeyCodec<?> codec) {

        @SuppressWarnings("unchecked")
        String encode(Object key) {
            return ((KeyCodec<Object>) codec).encode(key);
        }
    }
}
