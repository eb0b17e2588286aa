package dev.larder.spring;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The types of the values in caches, as the methods of the application declare them that are annotated with
 * {@code @Cacheable} or {@code @CachePut}, in whatever way Spring understands.
 *
 * <p>What counts is what Spring puts into the cache: what is in an {@code Optional}, a future or a {@code Mono}, and a list of
 * what is in a {@code Flux}. Methods whose caches are chosen by a cache resolver say nothing.
 *
 * <p>Looks through all beans at the first question, once, by the types of their definitions: no bean is created for it.
 * Thread-safe.
 */
public final class CacheValueTypes {

    private static final Logger logger = LoggerFactory.getLogger(CacheValueTypes.class);

    private final ConfigurableListableBeanFactory beans;

    private final AnnotationCacheOperationSource operations = new AnnotationCacheOperationSource(false);

    private @Nullable Map<String, Optional<Type>> types;

    /** The types that the beans of a factory, which has all its definitions, tell. */
    public CacheValueTypes(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The type of the values of a cache; null if no method tells it, or if methods disagree. */
    public synchronized @Nullable Type of(String cacheName) {
        if (types == null) {
            types = discover();
        }
        return types.getOrDefault(cacheName, Optional.empty()).orElse(null);
    }

    private Map<String, Optional<Type>> discover() {
        Map<String, Optional<Type>> found = new HashMap<>();
        CachingAnnotations annotations = new CachingAnnotations();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beanClass(name);
            if (type != null && isOfTheApplication(type)) {
                addMethods(ClassUtils.getUserClass(type), annotations, found);
            }
        }
        return found;
    }

    /** Spring's own beans are many and cache nothing; what it makes of the application's interfaces is not in its packages. */
    private static boolean isOfTheApplication(Class<?> type) {
        return !type.getName().startsWith("org.springframework.");
    }

    /** The class behind a proxy, if it is known; a factory bean is asked for the type of what it makes, but not created. */
    private @Nullable Class<?> beanClass(String name) {
        try {
            BeanDefinition definition = beans.getMergedBeanDefinition(name);
            Object behindProxy = definition.getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE);
            return behindProxy instanceof Class<?> type ? type : beans.getType(name, false);
        } catch (RuntimeException | LinkageError ex) {
            logger.debug("The type of the bean '{}' is not known", name, ex);
            return null;
        }
    }

    private void addMethods(Class<?> type, CachingAnnotations annotations, Map<String, Optional<Type>> found) {
        try {
            if (annotations.mayBeOn(type)) {
                MethodIntrospector.selectMethods(type, (Method method) -> operations.getCacheOperations(method, type))
                        .forEach((method, cached) -> addMethod(type, method, cached, found));
            }
        } catch (RuntimeException | LinkageError ex) {
            logger.debug("The methods of {} cannot be looked at", type, ex);
        }
    }

    private static void addMethod(
            Class<?> type, Method method, Collection<CacheOperation> operations, Map<String, Optional<Type>> found) {
        Type value = valueType(type, method);
        if (value == null) {
            return;
        }
        for (CacheOperation operation : operations) {
            if (!(operation instanceof CacheEvictOperation)
                    && operation.getCacheResolver().isEmpty()) {
                operation
                        .getCacheNames()
                        .forEach(cache -> found.merge(
                                cache,
                                Optional.of(value),
                                (one, other) -> sameType(one, other) ? one : Optional.empty()));
            }
        }
    }

    /** By name: the same type may come as objects of several classes that do not equal each other. */
    private static boolean sameType(Optional<Type> one, Optional<Type> other) {
        return one.isPresent()
                && other.isPresent()
                && one.get().getTypeName().equals(other.get().getTypeName());
    }

    /** Null for a method that returns nothing. */
    private static @Nullable Type valueType(Class<?> type, Method method) {
        Type declared = GenericTypeResolver.resolveType(method.getGenericReturnType(), type);
        Class<?> raw = method.getReturnType();
        if (raw == void.class || raw == Void.class) {
            return null;
        }
        if (raw == Optional.class || CompletableFuture.class.isAssignableFrom(raw)) {
            return argument(declared);
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter == null) {
            return raw.isPrimitive() ? ClassUtils.resolvePrimitiveIfNecessary(raw) : declared;
        }
        if (adapter.isNoValue()) {
            return null;
        }
        return adapter.isMultiValue()
                ? ResolvableType.forClassWithGenerics(List.class, ResolvableType.forType(argument(declared)))
                        .getType()
                : argument(declared);
    }

    private static Type argument(Type type) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[0]
                : Object.class;
    }
}
