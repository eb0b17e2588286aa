package dev.larder.jackson;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** Types of the JDK that Jackson alone would give back as others, or in another order. */
final class JdkValues extends SimpleModule {

    private static final long serialVersionUID = 1;

    JdkValues() {
        super("larder");
        addAbstractTypeMapping(Set.class, LinkedHashSet.class);
        addKeySerializer(Locale.class, new LocaleKeyWriter());
        addKeyDeserializer(Locale.class, new LocaleKeyReader());
        setMixInAnnotation(BitSet.class, Bits.class);
    }

    /** For Jackson it is a bean that has nothing to set. */
    abstract static class Bits {

        @JsonValue
        abstract long[] toLongArray();

        @JsonCreator
        static BitSet valueOf(long[] bits) {
            return BitSet.valueOf(bits);
        }
    }

    /** With the script and the extensions, which Jackson reads as values, but not as keys. */
    private static final class LocaleKeyWriter extends ValueSerializer<Locale> {

        @Override
        public void serialize(Locale key, JsonGenerator generator, SerializationContext context) {
            generator.writeName(key.toLanguageTag());
        }
    }

    private static final class LocaleKeyReader extends KeyDeserializer {

        @Override
        public Locale deserializeKey(String key, DeserializationContext context) {
            return Locale.forLanguageTag(key);
        }
    }
}
