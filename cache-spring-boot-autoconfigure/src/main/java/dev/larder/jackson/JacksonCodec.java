package dev.larder.jackson;

import dev.larder.store.Codec;
import dev.larder.store.CodecException;
import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** Values of one declared type. Thread-safe. */
final class JacksonCodec implements Codec<Object> {

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
            return codec.writer.writeValueAsBytes(value);
        } catch (JacksonException ex) {
            throw unencodable(value, ex.getOriginalMessage(), ex);
        } catch (IllegalArgumentException ex) {
            throw unencodable(value, ex.getMessage(), ex);
        }
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
        try {
            Object value = codec.reader.readValue(bytes);
            return value == null ? NullValue.INSTANCE : value;
        } catch (JacksonException ex) {
            throw new CodecException(
                    "These bytes are no %s: %s".formatted(codec.type.toCanonical(), ex.getOriginalMessage()), ex);
        } catch (IllegalArgumentException ex) {
            throw new CodecException(
                    "These bytes are no %s: %s".formatted(codec.type.toCanonical(), ex.getMessage()), ex);
        }
    }

    private Typed typed() {
        Typed known = typed;
        if (known == null) {
            Type declared = type.get();
            JavaType javaType = mapper.getTypeFactory().constructType(declared == null ? Object.class : declared);
            known = new Typed(javaType, mapper.writerFor(javaType), mapper.readerFor(javaType));
            typed = known;
        }
        return known;
    }

    private record Typed(JavaType type, ObjectWriter writer, ObjectReader reader) {}
}
