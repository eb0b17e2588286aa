package dev.larder.autoconfigure;

import dev.larder.store.disk.Durability;
import dev.larder.store.disk.Layout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Checks the settings of one cache of type disk. */
final class DiskCheck {

    private final boolean encryption;

    DiskCheck(boolean encryption) {
        this.encryption = encryption;
    }

    void checkWeigher(String key, LarderProperties.Cache settings) {
        if (settings.weigher() != null) {
            throw new InvalidLarderConfigurationException(
                    key + ".weigher",
                    settings.weigher(),
                    "the size of an entry on disk is that of its files",
                    "Remove it, or set %s.type to lru.".formatted(key));
        }
    }

    /** The settings of a cache on disk. */
    DiskSpec check(String key, LarderProperties.Cache settings, boolean files) {
        Layout layout = settings.layout() == null ? Layout.HASHED : settings.layout();
        checkPositive(key + ".load-wait", settings.loadWait(), "30s");
        checkPositive(key + ".payload-grace", settings.payloadGrace(), "1m");
        if (settings.payloadGrace() != null && !files && layout == Layout.HASHED) {
            throw new InvalidLarderConfigurationException(
                    key + ".payload-grace",
                    DurationStyle.SIMPLE.print(settings.payloadGrace()),
                    "values have no files of their own",
                    "Remove it, or set %s.codec to file or %s.layout to folder.".formatted(key, key));
        }
        return new DiskSpec(
                layout,
                durability(key, settings),
                checkEncrypted(key, settings.encrypted(), files),
                settings.payloadGrace(),
                settings.loadWait());
    }

    static void checkPositive(String key, @Nullable Duration duration, String example) {
        if (duration != null && duration.toMillis() <= 0) {
            throw new InvalidLarderConfigurationException(
                    key,
                    DurationStyle.SIMPLE.print(duration),
                    "it must be a millisecond or longer",
                    "Give a longer duration, or leave it out for %s.".formatted(example));
        }
    }

    boolean checkEncrypted(String key, @Nullable Boolean encrypted, boolean files) {
        if (Boolean.TRUE.equals(encrypted) && !encryption) {
            throw new InvalidLarderConfigurationException(
                    key + ".encrypted",
                    true,
                    "there is no key to encrypt with",
                    "Add one under %s.keys and name it in %s.current-key, or define a dev.larder.store.Encryption bean."
                            .formatted(LarderProperties.ENCRYPTION, LarderProperties.ENCRYPTION));
        }
        if (files && !Boolean.FALSE.equals(encrypted) && (encryption || encrypted != null)) {
            throw new InvalidLarderConfigurationException(
                    key + ".codec",
                    ValueCodecs.FILE,
                    "there are keys to encrypt with, but values that are files are kept as they are, for anybody to read",
                    "Set %s.encrypted to false if that is all right, or choose another codec.".formatted(key));
        }
        return encrypted == null ? encryption : encrypted;
    }

    private static Durability durability(String key, LarderProperties.Cache settings) {
        if (settings.durability() == null) {
            return Durability.PROCESS;
        }
        return switch (settings.durability()) {
            case PROCESS -> Durability.PROCESS;
            case ALWAYS -> Durability.ALWAYS;
            case INTERVAL ->
                throw new InvalidLarderConfigurationException(
                        key + ".durability",
                        "interval",
                        "each entry of a cache of type disk is a file, which is synced when it is written or not at all",
                        "Set it to process or always, or set %s.type to sharded.".formatted(key));
        };
    }
}
