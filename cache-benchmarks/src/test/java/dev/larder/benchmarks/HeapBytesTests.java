package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapBytesTests {

    @Test
    void larderTakesLessThan90BytesForAnEntry() {
        assertThat(HeapBytes.perEntry(Contestants.LARDER, HeapBytes.ENTRIES)).isBetween(32.0, 90.0);
    }

    @Test
    void mapTakesANodeAndASlotForAnEntry() {
        // 32 bytes of node, and 8,192 slots of 4 bytes for 5,000 entries.
        assertThat(HeapBytes.perEntry(Contestants.CONCURRENT_HASH_MAP, 5000)).isBetween(38.5, 38.7);
    }
}
