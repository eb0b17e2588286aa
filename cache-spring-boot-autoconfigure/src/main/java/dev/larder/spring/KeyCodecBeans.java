package dev.larder.spring;

import dev.larder.store.KeyCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Finds the application's codecs for keys. The type that one is for is the type argument that it is declared with. */
public final class KeyCodecBeans {

    private KeyCodecBeans() {}

    /**
     * All beans of type {@link KeyCodec} by the type of their keys.
     *
     * @throws IllegalStateException if a bean does not say what it is for, or if two are for the same
     */
    public static Map<Class<?>, KeyCodec<?>> find(ConfigurableListableBeanFactory beans) {
        Map<Class<?>, KeyCodec<?>> codecs = new LinkedHashMap<>();
        for (String name : beans.getBeanNamesForType(KeyCodec.class)) {
            KeyCodec<?> codec = beans.getBean(name, KeyCodec.class);
            Class<?> type = keyType(beans, name, codec);
            if (type == null) {
                throw new IllegalStateException(
                        "The bean '%s' does not say which keys it is for: declare it as KeyCodec<TypeOfTheKeys>"
                                .formatted(name));
            }
            if (codecs.put(type, codec) != null) {
                throw new IllegalStateException(
                        "There are two KeyCodec beans for keys of %s, one of them '%s': remove one"
                                .formatted(type.getName(), name));
            }
        }
        return codecs;
    }

    private static @Nullable Class<?> keyType(ConfigurableListableBeanFactory beans, String name, KeyCodec<?> codec) {
        if (beans.containsBeanDefinition(name)) {
            BeanDefinition definition = beans.getMergedBeanDefinition(name);
            if (definition instanceof RootBeanDefinition root) {
                Class<?> declared = argument(root.getResolvableType());
                if (declared != null) {
                    return declared;
                }
            }
        }
        return argument(ResolvableType.forClass(ClassUtils.getUserClass(codec)));
    }

    private static @Nullable Class<?> argument(ResolvableType type) {
        return type.as(KeyCodec.class).getGeneric(0).resolve();
    }
}
