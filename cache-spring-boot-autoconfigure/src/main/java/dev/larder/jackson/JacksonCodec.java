package dev.larder.jackson;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** Values of one declared type. Thread-safe. */
final class JacksonCodec implements Codec<Object> {

    /**
     * For Jackson these need no name of their class. But where the type was another one before, the same bytes may be those of a {@code
     * Long} or of a date.
     */
    private static final Set<Class<?>> NATURAL = Set.of(String.class, Integer.class, Double.class, Boolean.class);

    private final ObjectMapper mapper;

    private final Supplier<? extends @Nullable Type> type;

    private volatile @Nullable Typed typed;

    JacksonCodec(ObjectMapper mapper, Supplier<? extends @Nullable Type> type) {
        this.mapper = mapper;
        this.type = type;
    }

    @Override
    public byte[] encode(Object value) {
        Typed codec = typed();
        try {
            if (value instanceof NullValue) {
                return mapper.writeValueAsBytes(null);
            }
            if (!codec.type.getRawClass().isInstance(value)) {
                throw new CodecException(
                        ("A %s is not a %s, which is what the methods or the value-type of this cache say that it holds: set"
                                        + " value-type to java.lang.Object for a cache of several types")
                                .formatted(value.getClass().getName(), codec.type.toCanonical()),
                        value.getClass(),
                        null);
            }
            return codec.isOpen && isNatural(value)
                    ? mapper.writeValueAsBytes(new Object[] {value.getClass().getName(), value})
                    : codec.writer.writeValueAsBytes(value);
        } catch (JacksonException ex) {
            throw unencodable(value, ex.getOriginalMessage(), ex);
        } catch (IllegalArgumentException ex) {
            throw unencodable(value, ex.getMessage(), ex);
        }
    }

    /** Jackson names the class of those that are no numbers itself. */
    private static boolean isNatural(Object value) {
        return NATURAL.contains(value.getClass()) && !(value instanceof Double number && !Double.isFinite(number));
    }

    private static CodecException unencodable(Object value, @Nullable String reason, Exception cause) {
        return new CodecException(
                "A %s cannot be written by Jackson: %s"
                        .formatted(value.getClass().getName(), reason),
                value.getClass(),
                cause);
    }

    @Override
    public Object decode(byte[] bytes) {
        Typed codec = typed();
        try (JsonParser parser = codec.reader.createParser(bytes)) {
            if (codec.isOpen && isBare(parser.nextToken())) {
                throw new CodecException("These bytes do not tell their class", null);
            }
            Object value = codec.reader.readValue(parser);
            return value == null ? NullValue.INSTANCE : value;
        } catch (JacksonException ex) {
            throw new CodecException(
                    "These bytes are no %s: %s".formatted(codec.type.toCanonical(), ex.getOriginalMessage()), ex);
        } catch (IllegalArgumentException ex) {
            throw new CodecException(
                    "These bytes are no %s: %s".formatted(codec.type.toCanonical(), ex.getMessage()), ex);
        }
    }

    /** Whether a value that begins like this is a number or a text without the name of its class. */
    private static boolean isBare(@Nullable JsonToken first) {
        return first != null && first.isScalarValue() && first != JsonToken.VALUE_NULL;
    }

    private Typed typed() {
        Typed known = typed;
        if (known == null) {
            Type declared = type.get();
            JavaType javaType = mapper.getTypeFactory().constructType(declared == null ? Object.class : declared);
            Class<?> raw = javaType.getRawClass();
            boolean isOpen = NATURAL.stream().anyMatch(natural -> raw != natural && raw.isAssignableFrom(natural));
            known = new Typed(javaType, isOpen, mapper.writerFor(javaType), mapper.readerFor(javaType));
            typed = known;
        }
        return known;
    }

    /**
     * How values of a type are written and read.
     *
     * @param isOpen whether they can be of natural classes, and of others
     */
    private record Typed(JavaType type, boolean isOpen, ObjectWriter writer, ObjectReader reader) {}
}
