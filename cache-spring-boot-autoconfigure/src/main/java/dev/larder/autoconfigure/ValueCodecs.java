package dev.larder.autoconfigure;

import dev.larder.codec.BytesCodec;
import dev.larder.codec.JavaCodec;
import dev.larder.codec.Lz4Compression;
import dev.larder.codec.NullableCodec;
import dev.larder.codec.ReadBackCodec;
import dev.larder.codec.TrustedTypes;
import dev.larder.codec.ZstdCompression;
import dev.larder.jackson.JacksonCodecs;
import dev.larder.spring.CacheValueTypes;
import dev.larder.spring.FileValues;
import dev.larder.spring.KeyCodecBeans;
import dev.larder.spring.SpringKeyCodec;
import dev.larder.store.Codec;
import dev.larder.store.Compression;
import dev.larder.store.KeyCodec;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Makes the codecs that settings name, from the application's own mappers, beans and types. Thread-safe.
 *
 * <p>Throws {@link InvalidLarderConfigurationException} where a name means nothing, or a library is missing.
 */
final class ValueCodecs {

    /** The codec of stores that keep bytes, unless the settings name another. */
    static final String DEFAULT = "json";

    /** Keeps values as files: see {@link dev.larder.codec.FileCodec}. Not one that {@link #codec} makes. */
    static final String FILE = "file";

    private final ConfigurableListableBeanFactory beans;

    private final ClassLoader classLoader;

    private final TrustedTypes trusted;

    private final CacheValueTypes valueTypes;

    /** One for each format: preparing a mapper takes time, and it remembers what it found out about types. */
    private final Map<String, JacksonCodecs> formats = new ConcurrentHashMap<>();

    /**
     * Codecs for the caches of an application.
     *
     * @param trustedPackages packages whose types may be read back, besides those of the application and of the JDK
     */
    ValueCodecs(ConfigurableListableBeanFactory beans, List<String> trustedPackages) {
        this.beans = beans;
        ClassLoader ofBeans = beans.getBeanClassLoader();
        this.classLoader = ofBeans != null ? ofBeans : ValueCodecs.class.getClassLoader();
        this.trusted = trusted(beans, trustedPackages);
        this.valueTypes = new CacheValueTypes(beans);
    }

    private static TrustedTypes trusted(ConfigurableListableBeanFactory beans, List<String> trustedPackages) {
        List<String> packages = new ArrayList<>(trustedPackages);
        if (AutoConfigurationPackages.has(beans)) {
            // An application in the unnamed package names what it trusts
            AutoConfigurationPackages.get(beans).stream()
                    .filter(name -> !name.isEmpty())
                    .forEach(packages::add);
        }
        try {
            return TrustedTypes.of(packages);
        } catch (IllegalArgumentException ex) {
            throw new InvalidLarderConfigurationException(
                    LarderProperties.PREFIX + ".trusted-packages",
                    trustedPackages,
                    String.valueOf(ex.getMessage()),
                    "Give names of packages, such as com.example.");
        }
    }

    /** Turns all keys that Larder knows, and those that the application's {@link KeyCodec} beans know, into text. */
    KeyCodec<Object> keys() {
        return new SpringKeyCodec(KeyCodecBeans.find(beans));
    }

    /**
     * The codec of a cache; also takes Spring's {@code NullValue}, and gives it back.
     *
     * @param key what the cache's settings are under, such as {@code larder.caches.quotes}
     * @param cacheName the name of the cache, whose methods say which type its values have
     * @param name json, cbor, java, bytes, or the name of a {@link Codec} bean; null for the default
     * @param valueType the type as a Java expression, such as {@code java.util.List<com.example.Product>}, or null
     */
    Codec<Object> codec(String key, String cacheName, @Nullable String name, @Nullable String valueType) {
        String codec = name == null ? DEFAULT : name;
        if (beans.containsBean(codec) && beans.isTypeMatch(codec, Codec.class)) {
            return new NullableCodec(bean(codec));
        }
        return switch (codec) {
            case "json", "cbor" -> jackson(key, cacheName, codec, valueType);
            case "java" -> new ReadBackCodec(new JavaCodec(trusted, classLoader));
            case "bytes" -> new BytesCodec();
            default ->
                throw new InvalidLarderConfigurationException(
                        key + ".codec",
                        codec,
                        "there is no such codec, and no bean of this name and of type " + Codec.class.getName(),
                        "Use json, cbor, java, bytes or file, or define the bean.");
        };
    }

    @SuppressWarnings("unchecked")
    private Codec<Object> bean(String name) {
        return (Codec<Object>) beans.getBean(name, Codec.class);
    }

    private Codec<Object> jackson(String key, String cacheName, String format, @Nullable String valueType) {
        require(
                key + ".codec",
                format,
                format.equals("cbor")
                        ? "tools.jackson.dataformat.cbor.CBORMapper"
                        : "tools.jackson.databind.json.JsonMapper",
                format.equals("cbor")
                        ? "tools.jackson.dataformat:jackson-dataformat-cbor"
                        : "org.springframework.boot:spring-boot-starter-jackson");
        Supplier<? extends @Nullable Type> type = () -> valueTypes.of(cacheName);
        if (valueType != null) {
            Type expression = typeOf(key, format, valueType);
            type = () -> expression;
        }
        return new ReadBackCodec(jackson(format).codec(type));
    }

    private Type typeOf(String key, String format, String valueType) {
        try {
            return jackson(format).typeOf(valueType);
        } catch (IllegalArgumentException ex) {
            throw new InvalidLarderConfigurationException(
                    key + ".value-type",
                    valueType,
                    "there is no such type: " + ex.getMessage(),
                    "Write the full names of classes, such as java.util.List<com.example.Product>.");
        }
    }

    /** Apart from here and below nothing touches Jackson's classes, and this runs only when they are there. */
    private JacksonCodecs jackson(String format) {
        return formats.computeIfAbsent(
                format,
                name -> new JacksonCodecs(
                        name.equals("cbor") ? Mappers.cbor(beans) : Mappers.json(beans), trusted, classLoader));
    }

    /** How the callers of a cache of files get them: as its methods say, and as paths where they do not agree. */
    FileValues fileValues(String cacheName) {
        Class<?> type = ResolvableType.forType(valueTypes.of(cacheName)).resolve(Path.class);
        if (InputStream.class.isAssignableFrom(type)) {
            return FileValues.STREAM;
        }
        return Resource.class.isAssignableFrom(type) ? FileValues.RESOURCE : FileValues.PATH;
    }

    /** The compression of a name: deflate, lz4 or zstd. Wrap with {@code CompressingCodec}. */
    Compression compression(String key, String name) {
        String property = key + ".compression";
        return switch (name) {
            case "deflate" -> Compression.deflate();
            case "lz4" -> {
                require(property, name, "net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java");
                yield new Lz4Compression();
            }
            case "zstd" -> {
                require(property, name, "com.github.luben.zstd.Zstd", "com.github.luben:zstd-jni");
                yield new ZstdCompression();
            }
            default ->
                throw new InvalidLarderConfigurationException(
                        property, name, "there is no such compression", "Use deflate, lz4 or zstd.");
        };
    }

    private void require(String property, String value, String className, String dependency) {
        if (!ClassUtils.isPresent(className, classLoader)) {
            throw new InvalidLarderConfigurationException(
                    property,
                    value,
                    "its library is not on the class path",
                    "Add the dependency %s.".formatted(dependency));
        }
    }

    /** The application's mappers, with its modules and customizers, or plain ones. */
    private static final class Mappers {

        private Mappers() {}

        static ObjectMapper json(ConfigurableListableBeanFactory beans) {
            return beans.getBeanProvider(JsonMapper.class)
                    .getIfUnique(() -> JsonMapper.builder().findAndAddModules().build());
        }

        static ObjectMapper cbor(ConfigurableListableBeanFactory beans) {
            return beans.getBeanProvider(CBORMapper.class)
                    .getIfUnique(() -> CBORMapper.builder().findAndAddModules().build());
        }
    }
}
