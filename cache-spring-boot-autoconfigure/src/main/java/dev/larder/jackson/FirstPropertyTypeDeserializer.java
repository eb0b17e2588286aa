package dev.larder.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.AsPropertyTypeDeserializer;

/**
 * Reads the class of a value from its first property, where it is always written. Jackson's own would otherwise look for it in
 * all properties, and buffer them, each time that there is none.
 */
final class FirstPropertyTypeDeserializer extends AsPropertyTypeDeserializer {

    FirstPropertyTypeDeserializer(JavaType type, TypeIdResolver names) {
        super(
                type,
                names,
                NamedWhereNeeded.PROPERTY,
                false,
                type.isAbstract() || type.isJavaLangObject() ? null : type,
                JsonTypeInfo.As.PROPERTY,
                true);
    }

    private FirstPropertyTypeDeserializer(FirstPropertyTypeDeserializer source, @Nullable BeanProperty property) {
        super(source, property);
    }

    @Override
    public TypeDeserializer forProperty(@Nullable BeanProperty property) {
        return new FirstPropertyTypeDeserializer(this, property);
    }

    @Override
    public Object deserializeTypedFromObject(JsonParser parser, DeserializationContext context) {
        ValueDeserializer<Object> plain = _findDefaultImplDeserializer(context);
        if (plain instanceof BeanDeserializer && parser.hasToken(JsonToken.START_OBJECT)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.END_OBJECT || !NamedWhereNeeded.PROPERTY.equals(parser.currentName())) {
                return plain.deserialize(parser, context);
            }
        }
        return super.deserializeTypedFromObject(parser, context);
    }
}
