package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats: what was written is read, what was changed is not. */
class FormatTests {

    private static final SegmentHeader HEADER = new SegmentHeader(11, 22, 33, 44, 55, 1 << 16);

    private static final State STATE = new State(1, 2, 30, 4, 5, 6, 7, List.of(8L, 9L, 10L));

    @TempDir
    private Path directory;

    @Test
    void headerIsReadAsWritten() {
        assertThat(SegmentHeader.decode(HEADER.encode())).isEqualTo(HEADER);
    }

    @Test
    void headerWithFlippedBitIsNone() {
        byte[] bytes = HEADER.encode();
        for (int at = 0; at < 60; at++) {
            bytes[at] ^= 4;
            assertThat(SegmentHeader.decode(bytes)).as("byte %d", at).isNull();
            bytes[at] ^= 4;
        }
        assertThat(SegmentHeader.decode(Arrays.copyOf(bytes, 59))).isNull();
    }

    @Test
    void stateIsReadAsWritten() throws IOException {
        STATE.write(directory, true);
        assertThat(State.read(directory)).isEqualTo(STATE);
        assertThat(State.read(directory.resolve("absent"))).isNull();
    }

    @Test
    void stateThatMustSurviveALossOfPowerIsAnotherFile() throws IOException {
        STATE.write(directory, false);
        Object first = identity();
        STATE.write(directory, false);
        assertThat(identity()).isEqualTo(first);
        STATE.write(directory, true);
        assertThat(identity()).isNotEqualTo(first);
    }

    private Object identity() throws IOException {
        Object key = Files.readAttributes(State.path(directory), BasicFileAttributes.class)
                .fileKey();
        assumeThat(key).as("what tells files apart").isNotNull();
        return key;
    }

    @Test
    void stateGetsLongerAndShorter() throws IOException {
        for (int segments : new int[] {0, 3, 55, 56, 150, 2000, 16_384, 10}) {
            List<Long> numbers = LongStream.rangeClosed(1, segments)
                    .map(i -> i * (Long.MAX_VALUE / 16_384) - i % 2)
                    .boxed()
                    .toList();
            State state = new State(1, 2, 30, 4, 5, 6, 7, numbers);
            state.write(directory, false);
            assertThat(State.read(directory)).isEqualTo(state);
        }
    }

    @Test
    void stateThatWasChangedOrCutIsNone() {
        byte[] bytes = STATE.encode();
        for (int at = 0; at < bytes.length; at++) {
            assertThat(State.decode(Arrays.copyOf(bytes, at)))
                    .as("length %d", at)
                    .isNull();
            bytes[at] ^= 64;
            assertThat(State.decode(bytes)).as("byte %d", at).isNull();
            bytes[at] ^= 64;
        }
        assertThat(State.decode(bytes)).isEqualTo(STATE);
    }

    @Test
    void recordIsIntactWhereItWasWrittenAndNowhereElse() {
        byte[] record = record();
        assertThat(RecordFormat.isHeader(record, 0, HEADER.seed(), 128)).isTrue();
        assertThat(RecordFormat.isIntact(record, 0, HEADER.seed(), 128)).isTrue();
        assertThat(RecordFormat.isIntact(record, 0, HEADER.seed(), 136)).isFalse();
        assertThat(RecordFormat.isHeader(record, 0, HEADER.seed(), 136)).isFalse();
        long otherNumber = new SegmentHeader(11, 23, 33, 44, 55, 1 << 16).seed();
        long otherSalt = new SegmentHeader(11, 22, 34, 44, 55, 1 << 16).seed();
        long otherStore = new SegmentHeader(12, 22, 33, 44, 55, 1 << 16).seed();
        for (long seed : new long[] {otherNumber, otherSalt, otherStore}) {
            assertThat(RecordFormat.isIntact(record, 0, seed, 128)).isFalse();
            assertThat(RecordFormat.isHeader(record, 0, seed, 128)).isFalse();
        }
    }

    @Test
    void recordWithFlippedBitIsNotIntact() {
        byte[] record = record();
        for (int at = 0; at < RecordFormat.HEADER + 10; at++) {
            record[at] ^= 1;
            boolean header = RecordFormat.isHeader(record, 0, HEADER.seed(), 128);
            assertThat(header).as("byte %d", at).isEqualTo(at < 4 || at >= RecordFormat.HEADER);
            assertThat(header && RecordFormat.isIntact(record, 0, HEADER.seed(), 128))
                    .as("byte %d", at)
                    .isFalse();
            record[at] ^= 1;
        }
    }

    @Test
    void recordsFieldsAreReadAsWritten() {
        byte[] record = record();
        assertThat(RecordFormat.hash(record, 0)).isEqualTo(77);
        assertThat(RecordFormat.sequence(record, 0)).isEqualTo(9);
        assertThat(RecordFormat.freshUntil(record, 0)).isEqualTo(1000);
        assertThat(RecordFormat.keptUntil(record, 0)).isEqualTo(2000);
        assertThat(RecordFormat.keyLength(record, 0)).isEqualTo(3);
        assertThat(RecordFormat.etagLength(record, 0)).isEqualTo(2);
        assertThat(RecordFormat.valueLength(record, 0)).isEqualTo(5);
        assertThat(RecordFormat.kind(record, 0)).isEqualTo(RecordFormat.PUT);
        assertThat(RecordFormat.flags(record, 0)).isEqualTo(RecordFormat.WITH_ETAG);
        assertThat(RecordFormat.synced(record, 0)).isEqualTo(64);
        assertThat(RecordFormat.length(record, 0)).isEqualTo(72);
        assertThat(record[record.length - 1]).isEqualTo((byte) 0xFF);
    }

    @Test
    void recordThatNeedsNoPaddingHasSome() {
        assertThat(RecordFormat.length(3, 0, 5)).isEqualTo(72);
    }

    private static byte[] record() {
        byte[] record = new byte[(int) RecordFormat.length(3, 2, 5)];
        RecordFormat.describe(record, RecordFormat.PUT, RecordFormat.WITH_ETAG, 77, 1000, 2000, 3, 2, 5);
        Arrays.fill(record, RecordFormat.HEADER, RecordFormat.HEADER + 10, (byte) 'x');
        RecordFormat.finish(record, HEADER.seed(), 128, 9, 64);
        return record;
    }

    @Test
    void footerIsReadAsWritten() throws IOException {
        Records read = readFooter(-1, 0);
        assertThat(read).isNotNull();
        assertThat(read.count()).isEqualTo(100);
        assertThat(read.end).isEqualTo(4096);
        assertThat(read.sequence).isEqualTo(123);
        for (int i = 0; i < 100; i++) {
            assertThat(read.hash(i)).isEqualTo(i * 31L);
            assertThat(read.kind(i)).isEqualTo(1 + i % 3);
            assertThat(read.hides(i)).isEqualTo(i % 2 == 0 || read.kind(i) == RecordFormat.TOMBSTONE);
            assertThat(read.offset(i)).isEqualTo(64 + 8L * i);
            assertThat(read.length(i)).isEqualTo(8 + i);
            assertThat(read.keptUntil(i)).isEqualTo(Long.MAX_VALUE - i);
        }
    }

    @Test
    void footerWithFlippedBitOrCutIsNone() throws IOException {
        int length = (int) Records.footerLength(100);
        for (int at = 0; at < length; at += 7) {
            assertThat(readFooter(at, 0)).as("byte %d", at).isNull();
        }
        for (int cut = 1; cut < length; cut += 11) {
            assertThat(readFooter(-1, cut)).as("cut by %d", cut).isNull();
        }
    }

    private Records readFooter(int flipped, int cut) throws IOException {
        Records records = new Records();
        for (int i = 0; i < 100; i++) {
            records.add(i * 31L, 1 + i % 3, i % 2 == 0, 64 + 8L * i, 8 + i, Long.MAX_VALUE - i);
        }
        records.end = 4096;
        records.sequence = 123;
        byte[] footer = records.footer(HEADER.seed());
        if (flipped >= 0) {
            footer[flipped] ^= 16;
        }
        Path path = Stores.newDirectory(directory).resolve("segment");
        try (SteadyFile file = SteadyFile.create(path)) {
            file.write(footer, 0, footer.length - cut, 4096);
            return Records.read(file, HEADER.seed());
        }
    }
}
