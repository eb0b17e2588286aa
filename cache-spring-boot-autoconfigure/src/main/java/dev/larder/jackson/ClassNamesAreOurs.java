package dev.larder.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;

/**
 * Leaves annotations that ask for class names to {@link NamedWhereNeeded}. Jackson's own way checks a name, but loads and
 * initializes the classes in its type arguments unchecked.
 */
final class ClassNamesAreOurs extends AnnotationIntrospectorPair {

    ClassNamesAreOurs(AnnotationIntrospector introspector) {
        super(AnnotationIntrospector.nopInstance(), introspector);
    }

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
        return info == null
                        || info.getIdType() == JsonTypeInfo.Id.CLASS
                        || info.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS
                ? null
                : info;
    }
}
