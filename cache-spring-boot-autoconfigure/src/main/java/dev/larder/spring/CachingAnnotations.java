package dev.larder.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Tells quickly which classes may have cached methods: Spring's own search takes some ten microseconds for each method, and
 * nearly no class has any. Not thread-safe.
 */
final class CachingAnnotations {

    private final Map<Class<? extends Annotation>, Boolean> caching = new HashMap<>();

    private final Map<Class<?>, Boolean> annotated = new HashMap<>();

    /** Whether the class, what it extends or implements, or a method of any of those, is annotated. */
    boolean mayBeOn(Class<?> type) {
        Set<Class<?>> hierarchy = new HashSet<>(ClassUtils.getAllInterfacesForClassAsSet(type));
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            hierarchy.add(one);
        }
        return hierarchy.stream().anyMatch(one -> annotated.computeIfAbsent(one, this::isAnnotated));
    }

    private boolean isAnnotated(Class<?> type) {
        return !type.getName().startsWith("java.")
                && Stream.concat(Stream.of(type), Stream.of(type.getDeclaredMethods()))
                        .anyMatch(this::hasCaching);
    }

    private boolean hasCaching(AnnotatedElement element) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            if (caching.computeIfAbsent(annotation.annotationType(), CachingAnnotations::isCaching)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCaching(Class<? extends Annotation> type) {
        return Stream.of(Cacheable.class, CachePut.class, Caching.class)
                .anyMatch(cached -> type == cached || AnnotatedElementUtils.isAnnotated(type, cached));
    }
}
