package dev.larder.jackson;

import java.lang.reflect.Modifier;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TreeNode;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.jsontype.impl.AsPropertyTypeSerializer;
import tools.jackson.databind.jsontype.impl.StdTypeResolverBuilder;

/**
 * Writes the class of a value where the declared type does not tell it: interfaces, abstract classes, {@code Object}, and
 * classes that have subclasses. In the last case only where the value is of a subclass.
 */
final class NamedWhereNeeded extends StdTypeResolverBuilder {

    static final String PROPERTY = "@class";

    private final TypeNames names;

    NamedWhereNeeded(TypeNames names) {
        this.names = names;
    }

    @Override
    public @Nullable TypeSerializer buildTypeSerializer(
            SerializationContext context, JavaType type, Collection<NamedType> subtypes) {
        return isNeeded(type) ? new AsPropertyTypeSerializer(new TypeNameResolver(type, names), null, PROPERTY) : null;
    }

    @Override
    public @Nullable TypeDeserializer buildTypeDeserializer(
            DeserializationContext context, JavaType type, Collection<NamedType> subtypes) {
        return isNeeded(type) ? new FirstPropertyTypeDeserializer(type, new TypeNameResolver(type, names)) : null;
    }

    /** What an interface is mapped to is not what a value without a name is. */
    @Override
    public NamedWhereNeeded withDefaultImpl(Class<?> type) {
        return this;
    }

    private static boolean isNeeded(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw == Object.class || raw == Collection.class || raw == Iterable.class) {
            return true;
        }
        if (type.isPrimitive()
                || type.isArrayType()
                || type.isContainerType()
                || type.isReferenceType()
                || type.isEnumType()
                || TreeNode.class.isAssignableFrom(raw)) {
            return false;
        }
        return type.isAbstract() || hasSubclasses(type);
    }

    /** Jackson does not know type arguments any more where it writes the class of a value, so those are left out. */
    private static boolean hasSubclasses(JavaType type) {
        Class<?> raw = type.getRawClass();
        return !Modifier.isFinal(raw.getModifiers())
                && !type.hasGenericTypes()
                && !raw.getName().startsWith("java.");
    }
}
