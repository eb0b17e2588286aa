package dev.larder.autoconfigure;

import dev.larder.store.Codec;
import dev.larder.store.Compression;
import dev.larder.store.KeyCodec;
import dev.larder.store.Payload;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes the codecs that settings name, from the application's own mappers, beans and types. Thread-safe.
 *
 * <p>Throws {@link InvalidLarderConfigurationException} where a name means nothing, or a library is missing.
 */
@SuppressWarnings("DoNotCallSuggester")
final class ValueCodecs {

    /** The codec of stores that keep bytes, unless the settings name another. */
    static final String DEFAULT = "json";

    /** Keeps values as files: see {@link #FILE_ENCODER} and {@link #FILE_DECODER}. Not one that {@link #codec} makes. */
    static final String FILE = "file";

    /** A path, resource, stream or payload, as what a store of files takes. */
    static final Function<Object, Payload> FILE_ENCODER = value -> {
        throw new UnsupportedOperationException();
    };

    /** The path of a payload. */
    static final Function<Payload, Object> FILE_DECODER = payload -> {
        throw new UnsupportedOperationException();
    };

    /**
     * Codecs for the caches of an application.
     *
     * @param trustedPackages packages whose types may be read back, besides those of the application and of the JDK
     */
    ValueCodecs(ConfigurableListableBeanFactory beans, List<String> trustedPackages) {}

    /** Turns all keys that Larder knows, and those that the application's {@link KeyCodec} beans know, into text. */
    KeyCodec<Object> keys() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /** The compression of a name: deflate, lz4 or zstd. Wrap with {@code CompressingCodec}. */
    Compression compression(String key, String name) {
        throw new UnsupportedOperationException();
    }
}
