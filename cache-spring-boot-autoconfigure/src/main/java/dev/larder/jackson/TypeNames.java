package dev.larder.jackson;

import dev.larder.codec.TrustedTypes;
import dev.larder.store.CodecException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The names of classes in what is stored, and the only way from such a name to a class. Thread-safe. */
final class TypeNames {

    private final TrustedTypes trusted;

    private final ClassLoader classLoader;

    TypeNames(TrustedTypes trusted, ClassLoader classLoader) {
        this.trusted = trusted;
        this.classLoader = classLoader;
    }

    boolean trusts(String className) {
        return trusted.trusts(className);
    }

    boolean trusts(Class<?> type) {
        return trusted.trusts(type);
    }

    /** The name of a class that gives an equal value, with that of the keys where they are not strings. */
    String nameOf(Object value) {
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        if (value instanceof Map<?, ?> map) {
            return mapName(map, type);
        }
        if (value instanceof Collection<?> collection) {
            return collectionName(collection, type);
        }
        if (!trusted.trusts(type)) {
            throw new CodecException(
                    "A %s is not trusted and would not be read back: if it is yours, add its package to larder.trusted-packages"
                            .formatted(type.getName()),
                    type,
                    null);
        }
        return type.isArray() ? arrayName(type) : type.getName();
    }

    private static String arrayName(Class<?> type) {
        Class<?> element = type.getComponentType();
        return (element.isArray() ? arrayName(element) : element.getName()) + "[]";
    }

    /** Jackson writes the constants of an enum set without their class. */
    private String collectionName(Collection<?> value, Class<?> type) {
        String name = collectionClass(value, type).getName();
        return value instanceof EnumSet<?> set && !set.isEmpty()
                ? name + "<" + set.iterator().next().getDeclaringClass().getName() + ">"
                : name;
    }

    /** Immutable and other special collections become one of their kind that can be made; those are equal to them. */
    private Class<?> collectionClass(Collection<?> value, Class<?> type) {
        boolean ordered = value instanceof SortedSet<?> set && set.comparator() != null;
        if (!ordered && canBeMade(type)) {
            return type;
        }
        if (value instanceof SortedSet<?> && !ordered) {
            return TreeSet.class;
        }
        return value instanceof Set ? LinkedHashSet.class : ArrayList.class;
    }

    private String mapName(Map<?, ?> map, Class<?> type) {
        boolean ordered = map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null;
        Class<?> made = LinkedHashMap.class;
        if (!ordered) {
            made = canBeMade(type) ? type : map instanceof SortedMap ? TreeMap.class : made;
        }
        Class<?> keys = keyClass(map);
        return keys == null || keys == String.class ? made.getName() : made.getName() + "<" + keys.getName() + ">";
    }

    /** Keys are text in JSON: what text means must be known, hence the same for all of them. */
    private static @Nullable Class<?> keyClass(Map<?, ?> map) {
        Class<?> type = null;
        for (Object key : map.keySet()) {
            Class<?> keyType = key instanceof Enum<?> constant ? constant.getDeclaringClass() : classOf(key);
            if (type != null && type != keyType) {
                throw new CodecException(
                        "A map has keys of %s and of %s, which cannot be told apart when they are text"
                                .formatted(type.getName(), keyType.getName()),
                        map.getClass(),
                        null);
            }
            type = keyType;
        }
        return type;
    }

    private static Class<?> classOf(@Nullable Object key) {
        return key == null ? Void.class : key.getClass();
    }

    private boolean canBeMade(Class<?> type) {
        return trusted.trusts(type) && Modifier.isPublic(type.getModifiers()) && hasPublicConstructor(type);
    }

    private static boolean hasPublicConstructor(Class<?> type) {
        return ClassUtils.getConstructorIfAvailable(type) != null;
    }

    /**
     * The class of a name. It is not initialized by that.
     *
     * @throws CodecException if it is not trusted, which is found out before it is loaded, or not there
     */
    Class<?> classOf(String name) {
        int dimensions = 0;
        String element = name;
        while (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2);
            dimensions++;
        }
        Class<?> type = dimensions > 0 ? ClassUtils.resolvePrimitiveClassName(element) : null;
        if (type == null) {
            type = load(element);
        }
        for (; dimensions > 0; dimensions--) {
            type = type.arrayType();
        }
        return type;
    }

    private Class<?> load(String name) {
        if (!trusted.trusts(name)) {
            throw new CodecException(
                    "The bytes name a class that is not trusted: if it is yours, add its package to larder.trusted-packages",
                    null);
        }
        try {
            return Class.forName(name, false, classLoader);
        } catch (ClassNotFoundException ex) {
            throw new CodecException("The bytes name a class that is not there", ex);
        }
    }
}
