package dev.larder.autoconfigure;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks the settings of one cache that say how values become bytes. */
final class CodecCheck {

    /**
     * The smallest encoded value that is compressed, in bytes. Not smaller: a few hundred bytes hardly shrink. Not larger:
     * a JSON text of a few kilobytes shrinks to a fifth.
     */
    static final int DEFAULT_THRESHOLD = 1024;

    private static final Set<String> TYPED = Set.of("json", "cbor");

    private final ValueCodecs codecs;

    CodecCheck(ValueCodecs codecs) {
        this.codecs = codecs;
    }

    /** Those of a cache in heap, which needs none. */
    @Nullable
    CodecSpec checkInHeap(String key, CacheType type, LarderProperties.Cache settings) {
        refuseFiles(key, type, settings);
        if (settings.codec() != null) {
            return check(key, settings, settings.codec());
        }
        refuse(key + ".value-type", settings.valueType(), noCodec(key));
        refuse(key + ".compression", settings.compression(), noCodec(key));
        refuse(key + ".compression-threshold", settings.compressionThreshold(), noCodec(key));
        return null;
    }

    /** Those of a cache of type sharded. */
    CodecSpec checkSharded(String key, LarderProperties.Cache settings) {
        refuseFiles(key, CacheType.SHARDED, settings);
        return check(key, settings, ValueCodecs.DEFAULT);
    }

    private static void refuseFiles(String key, CacheType type, LarderProperties.Cache settings) {
        if (ValueCodecs.FILE.equals(settings.codec())) {
            throw new InvalidLarderConfigurationException(
                    key + ".codec",
                    ValueCodecs.FILE,
                    "a cache of type %s keeps no files".formatted(type),
                    "Set %s.type to disk, or choose another codec.".formatted(key));
        }
    }

    private static String noCodec(String key) {
        return "Set %s.codec, to json say, or remove it.".formatted(key);
    }

    private static void refuse(String key, @Nullable Object value, String remedy) {
        if (value != null) {
            throw new InvalidLarderConfigurationException(
                    key, value, "values that no codec encodes are kept as they are", remedy);
        }
    }

    /** Those of a cache with a codec. */
    CodecSpec check(String key, LarderProperties.Cache settings, String defaultCodec) {
        String name = settings.codec() == null ? defaultCodec : settings.codec();
        CompressionType compression = settings.compression() == null ? CompressionType.NONE : settings.compression();
        checkValueType(key, name, settings.valueType());
        checkCompression(key, name, compression, settings.compressionThreshold());
        if (!name.equals(ValueCodecs.FILE)) {
            // Now, since the caches that come from the defaults are made when they are used
            codecs.codec(key, "", name, settings.valueType());
        }
        return new CodecSpec(
                key,
                name,
                settings.valueType(),
                compression,
                compression == CompressionType.NONE ? null : codecs.compression(key, compression.toString()),
                settings.compressionThreshold() == null
                        ? DEFAULT_THRESHOLD
                        : (int) Math.min(
                                Integer.MAX_VALUE,
                                settings.compressionThreshold().toBytes()));
    }

    private static void checkValueType(String key, String name, @Nullable String valueType) {
        if (valueType != null && !TYPED.contains(name)) {
            throw new InvalidLarderConfigurationException(
                    key + ".value-type",
                    valueType,
                    "the codec %s finds out about types by itself".formatted(name),
                    "Remove it, or set %s.codec to json or cbor.".formatted(key));
        }
    }

    private static void checkCompression(
            String key, String name, CompressionType compression, @Nullable DataSize threshold) {
        if (compression != CompressionType.NONE && name.equals(ValueCodecs.FILE)) {
            throw new InvalidLarderConfigurationException(
                    key + ".compression",
                    compression,
                    "files are kept as they are, so that they can be used where they lie",
                    "Remove it, or set %s.codec to bytes.".formatted(key));
        }
        if (threshold != null && compression == CompressionType.NONE) {
            throw new InvalidLarderConfigurationException(
                    key + ".compression-threshold",
                    threshold,
                    "nothing is compressed",
                    "Set %s.compression, to deflate say, or remove it.".formatted(key));
        }
        if (threshold != null && threshold.isNegative()) {
            throw new InvalidLarderConfigurationException(
                    key + ".compression-threshold",
                    threshold,
                    "no value has a size below zero",
                    "Give 0 or more, or leave it out for %d bytes.".formatted(DEFAULT_THRESHOLD));
        }
    }
}
