package dev.larder.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** How a failure analysis shows a key: with its value, where it was written if that is known, and what is wrong with it. */
final class KeyReport {

    private KeyReport() {}

    /** A key as it is written somewhere in the environment, or else with the value that it came to have. */
    static String describe(Environment environment, String key, @Nullable Object value, String reason) {
        // Names of caches may have capitals, which canonical names do not
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty written = source.getConfigurationProperty(name);
            if (written != null) {
                return describe(key, written.getValue(), written.getOrigin(), reason);
            }
        }
        return describe(key, value, null, reason);
    }

    static String describe(ConfigurationProperty property, String reason) {
        Object shown =
                Encryptions.mayBeSecret(property.getName().toString()) ? Encryptions.HIDDEN : property.getValue();
        return describe(property.getName(), shown, property.getOrigin(), reason);
    }

    private static String describe(Object key, @Nullable Object value, @Nullable Origin origin, String reason) {
        Object shown = Encryptions.isSecret(key.toString()) ? Encryptions.HIDDEN : value;
        return "The configuration of Larder is not valid:%n%n    Property: %s%n    Value: \"%s\"%n%s    Reason: %s"
                .formatted(key, shown, origin == null ? "" : "    Origin: %s%n".formatted(origin), reason);
    }
}
