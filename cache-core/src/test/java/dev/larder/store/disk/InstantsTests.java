package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.quicktheories.QuickTheory;
import org.quicktheories.generators.SourceDSL;

class InstantsTests {

    private static final long FIRST = Instant.parse("0000-01-01T00:00:00.000Z").toEpochMilli();

    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private static String text(long millis) {
        byte[] bytes = new byte[Instants.LENGTH];
        Instants.write(millis, bytes, 0);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static long read(String text) {
        return Instants.read(text.getBytes(StandardCharsets.US_ASCII), 0);
    }

    @Test
    void textIsThatOfTheJdkAndIsReadBack() {
        DateTimeFormatter jdk =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        QuickTheory.qt()
                .withExamples(20_000)
                .forAll(SourceDSL.longs().between(FIRST, LAST))
                .checkAssert(millis -> {
                    assertThat(text(millis)).isEqualTo(jdk.format(Instant.ofEpochMilli(millis)));
                    assertThat(read(text(millis))).isEqualTo(millis);
                });
    }

    @Test
    void neverIsAsLongAsAnInstant() {
        assertThat(text(Entry.FOREVER)).hasSize(Instants.LENGTH).startsWith("never ");
        assertThat(read(text(Entry.FOREVER))).isEqualTo(Entry.FOREVER);
    }

    @Test
    void whatHasNoTextBecomesTheNearestThatHas() {
        assertThat(read(text(Entry.FOREVER - 1))).isEqualTo(LAST);
        assertThat(read(text(Long.MIN_VALUE))).isEqualTo(FIRST);
    }
}
