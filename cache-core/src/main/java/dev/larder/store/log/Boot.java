package dev.larder.store.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells one run of the machine from another: after a loss of power, what was not synced may be anything. */
final class Boot {

    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** A number for this run; 0 where the system does not say, and the machine is taken for one that has run all the time. */
    static long id(@Nullable String given) {
        String text = given == null ? read() : given;
        return text.isEmpty() ? 0 : new SeededHash(0).of(text.getBytes(StandardCharsets.UTF_8)) | 1;
    }

    private static String read() {
        try {
            return Files.exists(LINUX) ? Files.readString(LINUX).trim() : "";
        } catch (IOException | RuntimeException ex) {
            return "";
        }
    }
}
