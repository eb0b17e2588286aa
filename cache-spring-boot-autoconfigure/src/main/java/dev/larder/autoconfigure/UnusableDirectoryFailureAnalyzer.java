package dev.larder.autoconfigure;

import dev.larder.store.UnusableDirectoryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains directories that cannot be used, or that another process has. */
final class UnusableDirectoryFailureAnalyzer extends AbstractFailureAnalyzer<UnusableDirectoryException> {

    private final Environment environment;

    UnusableDirectoryFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableDirectoryException cause) {
        String directory = environment.getProperty(LarderProperties.DIRECTORY, LarderProperties.DEFAULT_DIRECTORY);
        String reason = "%s cannot be used: %s".formatted(cause.directory(), cause.reason());
        return new FailureAnalysis(
                KeyReport.describe(environment, LarderProperties.DIRECTORY, directory, reason), cause.remedy(), cause);
    }
}
