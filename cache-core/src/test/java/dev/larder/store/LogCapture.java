package dev.larder.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** What the tests of this module log to: nothing is printed, and a test can look at what its own thread logged. */
public final class LogCapture implements SLF4JServiceProvider {

    private static final ThreadLocal<List<String>> messages = ThreadLocal.withInitial(ArrayList::new);

    private final ILoggerFactory loggers = CapturingLogger::new;

    private final IMarkerFactory markers = new BasicMarkerFactory();

    private final MDCAdapter context = new NOPMDCAdapter();

    /** What this thread logged since it last asked. */
    static List<String> take() {
        List<String> taken = messages.get();
        messages.remove();
        return taken;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0";
    }

    @Override
    public void initialize() {}

    /** Keeps warnings and errors. */
    private static final class CapturingLogger extends LegacyAbstractLogger implements Logger {

        CapturingLogger(String name) {
            this.name = name;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable throwable) {
            messages.get()
                    .add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments)
                            + (throwable == null ? "" : " " + throwable));
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
