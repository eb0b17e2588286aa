package dev.larder.spring;

import dev.larder.store.CodecException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/** What keys are made of. */
final class KeyParts {

    /** Spring does not give them out. */
    private static final Field SIMPLE_KEY_PARAMETERS = simpleKeyParameters();

    private static final ClassValue<List<Method>> RECORD_ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .map(accessor -> accessible(accessor, type))
                    .toList();
        }
    };

    private KeyParts() {}

    static List<@Nullable Object> ofSimpleKey(Object key) {
        try {
            return Arrays.asList((@Nullable Object[]) SIMPLE_KEY_PARAMETERS.get(key));
        } catch (IllegalAccessException ex) {
            throw new IllegalStateException(ex);
        }
    }

    static List<@Nullable Object> ofRecord(Object key) {
        List<@Nullable Object> components = new ArrayList<>();
        for (Method accessor : RECORD_ACCESSORS.get(key.getClass())) {
            try {
                components.add(accessor.invoke(key));
            } catch (IllegalAccessException | InvocationTargetException ex) {
                throw new CodecException(
                        "The component %s of a key of %s cannot be read"
                                .formatted(accessor.getName(), key.getClass().getName()),
                        key.getClass(),
                        ex);
            }
        }
        return components;
    }

    static List<@Nullable Object> ofArray(Object key) {
        return new AbstractList<>() {
            @Override
            public @Nullable Object get(int index) {
                return Array.get(key, index);
            }

            @Override
            public int size() {
                return Array.getLength(key);
            }
        };
    }

    /** Null if it is no optional. */
    static @Nullable List<?> ofOptional(Object key) {
        if (key instanceof Optional<?> optional) {
            return optional.stream().toList();
        }
        if (key instanceof OptionalInt optional) {
            return optional.stream().boxed().toList();
        }
        if (key instanceof OptionalLong optional) {
            return optional.stream().boxed().toList();
        }
        if (key instanceof OptionalDouble optional) {
            return optional.stream().boxed().toList();
        }
        return null;
    }

    private static <T extends AccessibleObject> T accessible(T member, Class<?> type) {
        try {
            member.setAccessible(true);
            return member;
        } catch (RuntimeException ex) {
            throw new CodecException(
                    "Keys of %s cannot be read: open the package %s of its module, or define a KeyCodec bean for it"
                            .formatted(type.getName(), type.getPackageName()),
                    type,
                    ex);
        }
    }

    private static Field simpleKeyParameters() {
        try {
            return accessible(SimpleKey.class.getDeclaredField("params"), SimpleKey.class);
        } catch (NoSuchFieldException ex) {
            throw new IllegalStateException("This version of Spring's SimpleKey is not known", ex);
        }
    }
}
