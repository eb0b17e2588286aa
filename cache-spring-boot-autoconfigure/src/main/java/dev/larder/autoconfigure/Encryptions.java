package dev.larder.autoconfigure;

import dev.larder.store.Encryption;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From keys in the configuration to {@link Encryption}. Tells no key. */
final class Encryptions {

    /** In the place of a value that must not be shown. */
    static final String HIDDEN = "******";

    private Encryptions() {}

    /**
     * What encrypts caches on disk, or null if there is nothing.
     *
     * @param bean the application's own, if there is one
     * @throws InvalidLarderConfigurationException if a key cannot work
     */
    static @Nullable Encryption of(LarderProperties.Keys settings, @Nullable Encryption bean) {
        String currentKey = LarderProperties.ENCRYPTION + ".current-key";
        if (settings.currentKey() == null && settings.keys().isEmpty()) {
            return bean;
        }
        if (bean != null) {
            throw new InvalidLarderConfigurationException(
                    currentKey,
                    String.valueOf(settings.currentKey()),
                    "there is a dev.larder.store.Encryption bean, too",
                    "Remove either the bean or the keys under %s.".formatted(LarderProperties.ENCRYPTION));
        }
        Map<String, byte[]> keys = new LinkedHashMap<>();
        settings.keys().forEach((id, text) -> keys.put(id, key(id, text)));
        if (settings.currentKey() == null || !keys.containsKey(settings.currentKey())) {
            throw new InvalidLarderConfigurationException(
                    currentKey,
                    String.valueOf(settings.currentKey()),
                    "there is no such key",
                    keys.isEmpty()
                            ? "Add it under %s.keys.".formatted(LarderProperties.ENCRYPTION)
                            : "Name one of those that are there: %s.".formatted(String.join(", ", keys.keySet())));
        }
        try {
            return Encryption.of(settings.currentKey(), keys);
        } catch (IllegalArgumentException ex) {
            throw new InvalidLarderConfigurationException(
                    LarderProperties.ENCRYPTION + ".keys", keys.keySet(), "" + ex.getMessage(), "Choose another id.");
        }
    }

    private static byte[] key(String id, String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException ex) {
            throw invalid(id, "it is not Base64");
        }
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw invalid(id, "it has %d bytes, but a key of AES has 16, 24 or 32".formatted(key.length));
        }
        return key;
    }

    private static InvalidLarderConfigurationException invalid(String id, String reason) {
        return new InvalidLarderConfigurationException(
                LarderProperties.ENCRYPTION + ".keys[" + id + "]",
                HIDDEN,
                reason,
                "Make one with: openssl rand -base64 32");
    }

    /** Whether the value of a key of the configuration must not be shown. */
    static boolean isSecret(String key) {
        return key.startsWith(LarderProperties.ENCRYPTION) && !key.endsWith(".current-key");
    }

    /** The same of one that does not exist: it may be misspelt, or in the wrong place. */
    static boolean mayBeSecret(String key) {
        return key.contains("key") && !key.endsWith(".current-key");
    }
}
