package dev.larder.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains settings that cannot work. */
final class InvalidLarderConfigurationFailureAnalyzer
        extends AbstractFailureAnalyzer<InvalidLarderConfigurationException> {

    private final Environment environment;

    InvalidLarderConfigurationFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidLarderConfigurationException cause) {
        String description = KeyReport.describe(environment, cause.key(), cause.value(), cause.reason());
        return new FailureAnalysis(description, cause.remedy(), cause);
    }
}
