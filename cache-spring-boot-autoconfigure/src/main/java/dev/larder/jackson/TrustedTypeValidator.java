package dev.larder.jackson;

import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/** Holds class names that the application's own annotations ask for to the same list. Thread-safe. */
final class TrustedTypeValidator extends PolymorphicTypeValidator.Base {

    private final TypeNames names;

    TrustedTypeValidator(TypeNames names) {
        this.names = names;
    }

    @Override
    public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
        int arguments = subClassName.indexOf('<');
        return names.trusts(arguments < 0 ? subClassName : subClassName.substring(0, arguments))
                ? Validity.INDETERMINATE
                : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
        return names.trusts(subType.getRawClass()) ? Validity.ALLOWED : Validity.DENIED;
    }
}
