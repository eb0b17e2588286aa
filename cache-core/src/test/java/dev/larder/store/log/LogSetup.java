package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the stores of a test have in common: time and background work are in the test's hands, and segments are small. */
final class LogSetup {

    static final int SEGMENT = 1 << 16;

    final ManualClock clock = new ManualClock();

    final ManualScheduler scheduler = new ManualScheduler();

    final Failures failures = new Failures("test", clock);

    LogStore.Builder at(Path directory) {
        return LogStore.at(directory)
                .segmentSize(SEGMENT)
                .clock(clock)
                .scheduler(scheduler)
                .failures(failures);
    }

    LogStore open(Path directory) {
        return at(directory).open();
    }

    /** A value of so many bytes that differs from those of other numbers. */
    static byte[] value(int number, int length) {
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            value[i] = (byte) (number * 31 + i * 7 + (number >>> 8));
        }
        return value;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
