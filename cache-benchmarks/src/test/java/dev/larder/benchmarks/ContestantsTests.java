package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContestantsTests {

    private static final int REQUESTS = 1 << 12;

    @ParameterizedTest
    @EnumSource
    void everyGetHitsAndEveryEntryIsKept(Contestants contestant) {
        HeapBenchmark benchmark = benchmark(contestant);
        HeapBenchmark.Cursor cursor = new HeapBenchmark.Cursor();

        assertThat(IntStream.range(0, REQUESTS).filter(i -> benchmark.hit(cursor) == null))
                .isEmpty();
        assertThat(benchmark.cache.size()).isEqualTo(HeapBenchmark.ENTRIES);
    }

    @ParameterizedTest
    @EnumSource
    void mixedPutsOneOfFourAndAllElseHits(Contestants contestant) {
        HeapBenchmark benchmark = benchmark(contestant);
        HeapBenchmark.Cursor cursor = new HeapBenchmark.Cursor();

        assertThat(IntStream.range(0, REQUESTS).filter(i -> benchmark.mixed(cursor) == null))
                .hasSize(REQUESTS / 4);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CONCURRENT_HASH_MAP", "SPRING_MAP"})
    void boundHolds(Contestants contestant) {
        Contestant cache = contestant.open(1000);

        for (int i = 0; i < 4000; i++) {
            cache.put(i, i);
        }
        cache.settle();
        // cache2k and Guava keep a few fewer, because they divide the bound.
        assertThat(cache.size()).isBetween(900L, 1000L);
    }

    @ParameterizedTest
    @EnumSource
    void labelNamesTheContestant(Contestants contestant) {
        assertThat(Labels.find(Contestants.class, Labels.of(contestant))).isEqualTo(contestant);
    }

    @Test
    void unknownLabelIsRefusedWithTheChoice() {
        assertThatThrownBy(() -> Labels.find(Contestants.class, "larda"))
                .hasMessageContaining("'larda'")
                .hasMessageContaining("larder-cache");
    }

    private static HeapBenchmark benchmark(Contestants contestant) {
        HeapBenchmark benchmark = new HeapBenchmark();
        benchmark.setUp(contestant, REQUESTS);
        return benchmark;
    }
}
