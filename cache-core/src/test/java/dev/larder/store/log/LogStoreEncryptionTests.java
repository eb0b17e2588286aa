package dev.larder.store.log;

import static dev.larder.store.log.LogSetup.SEGMENT;
import static dev.larder.store.log.LogSetup.bytes;
import static dev.larder.store.log.LogSetup.text;
import static dev.larder.store.log.LogSetup.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Encryption;
import dev.larder.store.Entry;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values whose key is gone, or that were written before there was one. */
class LogStoreEncryptionTests {

    private static final Encryption FIRST = Encryption.of("first", Map.of("first", new byte[16]));

    private static final Encryption SECOND = Encryption.of("second", Map.of("second", new byte[32]));

    private final LogSetup setup = new LogSetup();

    @TempDir
    private Path directory;

    private LogStore open(@Nullable Encryption encryption) {
        return setup.at(directory).encryption(encryption).open();
    }

    static Stream<Consumer<LogStore>> reads() {
        return Stream.of(store -> store.get("key"), store -> store.entry("key"), store -> store.pop("key"));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void valueThatCannotBeDecryptedIsAMissAndGoes(Consumer<LogStore> read) {
        try (LogStore store = open(FIRST)) {
            store.put("key", bytes("old"));
        }
        try (LogStore store = open(SECOND)) {
            assertThat(store.size()).isEqualTo(1);
            read.accept(store);
            assertThat(store.contains("key")).isFalse();
            assertThat(store.size()).isZero();
            assertThat(store.stats().hits()).isZero();
            assertThat(setup.failures.counts()).isEqualTo(Map.of("decode", 1L));
        }
        try (LogStore store = open(FIRST)) {
            assertThat(store.get("key")).isNull();
        }
    }

    @Test
    void valueThatCannotBeDecryptedIsReplacedAsOneThatIsNotThere() {
        try (LogStore store = open(null)) {
            store.put("key", bytes("plain"));
            store.put("large", value(1, SEGMENT));
        }
        for (Encryption encryption : new Encryption[] {FIRST, SECOND}) {
            try (LogStore store = open(encryption)) {
                assertThat(store.putIfAbsent("key", Entry.of(bytes("new")))).isNull();
                assertThat(text(store.get("key"))).isEqualTo("new");
                assertThat(text(store.putIfAbsent("key", Entry.of(bytes("newer")))))
                        .isEqualTo("new");
                assertThat(store.putIfAbsent("large", Entry.of(value(2, SEGMENT))))
                        .isNull();
                assertThat(store.get("large")).isEqualTo(value(2, SEGMENT));
            }
        }
    }
}
