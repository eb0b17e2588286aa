package dev.larder.jackson;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.larder.codec.TrustedTypes;
import dev.larder.store.Codec;
import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;

/**
 * Makes codecs out of one mapper of Jackson: JSON, CBOR, or whatever else the mapper writes.
 *
 * <p>The mapper's modules, mix-ins, naming and other settings apply, except where a value would not come back as it was:
 * times keep their zones, nothing is left out because it is null or empty, a bean without properties is refused, and there is
 * nothing after a value. Where the declared type does not tell the class of what is in it, the name of the class goes along
 * ({@code "@class"}); reading takes only names that are {@linkplain TrustedTypes trusted}.
 *
 * <p>Thread-safe.
 */
public final class JacksonCodecs {

    private static final JsonInclude.Value ALL =
            JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS);

    private final ObjectMapper mapper;

    /**
     * Codecs on a mapper, which stays as it is.
     *
     * @param trusted the types that what is read may name
     * @param classLoader finds them
     */
    public JacksonCodecs(ObjectMapper mapper, TrustedTypes trusted, ClassLoader classLoader) {
        this.mapper = prepare(mapper.rebuild(), new TypeNames(trusted, classLoader));
    }

    private static ObjectMapper prepare(MapperBuilder<?, ?> builder, TypeNames names) {
        builder.annotationIntrospector(new ClassNamesAreOurs(builder.annotationIntrospector()));
        builder.setDefaultTyping(new NamedWhereNeeded(names));
        builder.polymorphicTypeValidator(new TrustedTypeValidator(names));
        builder.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        builder.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
        builder.disable(
                DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID);
        builder.disable(SerializationFeature.INDENT_OUTPUT);
        builder.changeDefaultPropertyInclusion(inclusion -> ALL);
        builder.addModule(new JdkValues());
        return builder.build();
    }

    /**
     * A codec for values of a type. Null is Spring's {@code NullValue}, both ways.
     *
     * @param type asked once, at first use; gives null where nothing is known of the values
     */
    public Codec<Object> codec(Supplier<? extends @Nullable Type> type) {
        return new JacksonCodec(mapper, type);
    }

    /**
     * The type that an expression such as {@code java.util.List<com.example.Product>} means.
     *
     * @throws IllegalArgumentException if there is no such type
     */
    public Type typeOf(String expression) {
        return mapper.getTypeFactory().constructFromCanonical(expression);
    }
}
