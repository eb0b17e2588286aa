package dev.larder.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.larder.store.CodecException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;
import tools.jackson.databind.type.TypeFactory;

/** The names of what is in places of one declared type. Thread-safe. */
final class TypeNameResolver extends TypeIdResolverBase {

    private final JavaType declared;

    private final TypeNames names;

    TypeNameResolver(JavaType declared, TypeNames names) {
        this.declared = declared;
        this.names = names;
    }

    /** No name where the declared type tells it. */
    @Override
    public @Nullable String idFromValue(DatabindContext context, Object value) {
        return value.getClass() == declared.getRawClass() ? null : names.nameOf(value);
    }

    @Override
    public @Nullable String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
        return value == null ? type.getName() : idFromValue(context, value);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) {
        if (id.equals(declared.getRawClass().getName())) {
            return declared;
        }
        int argument = id.indexOf('<');
        Class<?> type = names.classOf(argument < 0 ? id : id.substring(0, argument));
        if (!declared.isTypeOrSuperTypeOf(type)) {
            throw new CodecException("The bytes name a class that is no " + declared.toCanonical(), null);
        }
        TypeFactory types = context.getTypeFactory();
        return argument < 0
                ? types.constructSpecializedType(declared, type)
                : parameterized(types, type, names.classOf(id.substring(argument + 1, id.length() - 1)));
    }

    private static JavaType parameterized(TypeFactory types, Class<?> type, Class<?> argument) {
        if (Map.class.isAssignableFrom(type)) {
            return types.constructMapType(type.asSubclass(Map.class), argument, Object.class);
        }
        if (Set.class.isAssignableFrom(type)) {
            return types.constructCollectionType(type.asSubclass(Set.class), argument);
        }
        throw new CodecException("The bytes name a class with a type argument that it does not have", null);
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
        return JsonTypeInfo.Id.CUSTOM;
    }
}
