package dev.larder.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains keys under {@code larder} that do not exist, and types that do not. Ordered before Spring Boot's analyzers,
 * which know the class that was bound, but not what the key should have been.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class LarderBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(LarderProperties.PREFIX);

    private final Environment environment;

    LarderBindFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationPropertyName key = cause.getName();
        if (!ROOT.equals(key) && !ROOT.isAncestorOf(key)) {
            return null;
        }
        if (cause.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
            return explain(unbound.getUnboundProperties(), cause);
        }
        Class<?> target = cause.getTarget().getType().toClass();
        if (target.isEnum()) {
            return explain(
                    "there is no such " + key.getLastElement(Form.DASHED),
                    "Use one of: %s.".formatted(names(target)),
                    cause);
        }
        if (target == LarderProperties.Cache.class && key.getNumberOfElements() == 3) {
            return explain("there must be settings, not a value", KeyAdvice.forUnknown(key), cause);
        }
        if (target.isRecord() || target == Map.class) {
            return explain("there must be keys below it, not a value", KeyAdvice.below(key), cause);
        }
        return null;
    }

    /** The constants of an enum as they are written in a configuration file. */
    private static String names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private FailureAnalysis explain(String reason, String action, BindException cause) {
        String key = cause.getName().toString();
        return new FailureAnalysis(KeyReport.describe(environment, key, null, reason), action, cause);
    }

    private static FailureAnalysis explain(Set<ConfigurationProperty> unknown, BindException cause) {
        String gap = "%n%n".formatted();
        return new FailureAnalysis(
                unknown.stream()
                        .map(property -> KeyReport.describe(
                                property, isEmpty(property) ? "there is no value" : "there is no such key"))
                        .collect(Collectors.joining(gap)),
                unknown.stream()
                        .map(property -> isEmpty(property)
                                ? "Give %s a value, or remove it.".formatted(property.getName())
                                : KeyAdvice.forUnknown(property.getName()))
                        .distinct()
                        .collect(Collectors.joining("%n".formatted())),
                cause);
    }

    /** Spring Boot binds nothing to a key of which only the name is written, and then does not know it. */
    private static boolean isEmpty(ConfigurationProperty property) {
        return "".equals(property.getValue());
    }
}
