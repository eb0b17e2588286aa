package dev.larder.autoconfigure;

import dev.larder.store.log.LogStoreException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains directories of caches of type sharded that cannot be used, or that another process has. */
final class LogStoreFailureAnalyzer extends AbstractFailureAnalyzer<LogStoreException> {

    private final Environment environment;

    LogStoreFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LogStoreException cause) {
        String directory = environment.getProperty(LarderProperties.DIRECTORY, LarderProperties.DEFAULT_DIRECTORY);
        String reason = "%s cannot be used: %s".formatted(cause.directory(), cause.reason());
        return new FailureAnalysis(
                KeyReport.describe(environment, LarderProperties.DIRECTORY, directory, reason), cause.remedy(), cause);
    }
}
