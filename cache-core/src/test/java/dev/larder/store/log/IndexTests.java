package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class IndexTests {

    private static final long IDENTITY = (1L << Partition.HASH_BITS) - 1;

    private static final long NOW = 1_800_000_000_000L;

    private final Index index = new Index();

    private static long place(int number) {
        return Place.of(number % Place.MAX_SEGMENTS, 16 + number * 8L % (Place.MAX_SEGMENT_BYTES - 16));
    }

    private void put(long hash, int number) {
        index.put(hash, place(number), 100, Entry.FOREVER);
    }

    private boolean isAt(long hash, int number) {
        return Place.isSame(index.find(hash, NOW), place(number));
    }

    @Test
    void findsWhatWasPutLast() {
        put(1, 1);
        put(2, 2);
        put(1, 3);
        assertThat(isAt(1, 3)).isTrue();
        assertThat(isAt(2, 2)).isTrue();
        assertThat(index.find(3, NOW)).isEqualTo(Place.ABSENT);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void putAndRemoveTellWhatWasThere() {
        assertThat(index.put(1, place(1), 5000, Entry.FOREVER)).isEqualTo(Place.ABSENT);
        long before = index.put(1, place(2), 100, Entry.FOREVER);
        assertThat(Place.isSame(before, place(1))).isTrue();
        assertThat(Place.length(before)).isBetween(5000L, 5020L);
        assertThat(Place.isSame(index.remove(1), place(2))).isTrue();
        assertThat(index.remove(1)).isEqualTo(Place.ABSENT);
        assertThat(index.size()).isZero();
    }

    @Test
    void hashesThatDifferInAnyOfTheirBitsAreDifferentEntries() {
        long hash = 0x2_5555_5555_5555L & IDENTITY;
        put(hash, 0);
        for (int bit = 0; bit < Partition.HASH_BITS; bit++) {
            put(hash ^ 1L << bit, 1 + bit);
        }
        assertThat(isAt(hash, 0)).isTrue();
        for (int bit = 0; bit < Partition.HASH_BITS; bit++) {
            assertThat(isAt(hash ^ 1L << bit, 1 + bit)).as("bit %d", bit).isTrue();
        }
        assertThat(index.size()).isEqualTo(1 + Partition.HASH_BITS);
    }

    @Test
    void entryIsFoundUntilTheSecondAfterItsEndButNeverLess() {
        long keptUntil = NOW + 1500;
        index.put(1, place(1), 100, keptUntil);
        assertThat(index.find(1, keptUntil - 1)).isNotEqualTo(Place.ABSENT);
        assertThat(index.find(1, NOW + 2000)).isEqualTo(Place.ABSENT);
        assertThat(index.keptUntil(1)).isEqualTo(NOW + 2000);
        index.put(2, place(2), 100, NOW + 1000);
        assertThat(index.find(2, NOW + 999)).isNotEqualTo(Place.ABSENT);
        assertThat(index.find(2, NOW + 1000)).isEqualTo(Place.ABSENT);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void entryWithoutEndAndOneWithAnEndBeyondRememberingNeverExpire() {
        index.put(1, place(1), 100, Entry.FOREVER);
        index.put(2, place(2), 100, Entry.FOREVER - 1);
        index.put(3, place(3), 100, Long.MIN_VALUE);
        for (long now : new long[] {Long.MIN_VALUE, 0, NOW, Long.MAX_VALUE}) {
            assertThat(index.find(1, now)).isNotEqualTo(Place.ABSENT);
            assertThat(index.find(2, now)).isNotEqualTo(Place.ABSENT);
        }
        assertThat(index.find(3, 0)).isEqualTo(Place.ABSENT);
        assertThat(index.keptUntil(1)).isEqualTo(Entry.FOREVER);
        assertThat(index.keptUntil(4)).isZero();
    }

    @Test
    void usesAreCountedUntilThreeAndForgottenWhenReplaced() {
        put(1, 1);
        for (int uses = 0; uses < 5; uses++) {
            assertThat(Place.uses(index.find(1, NOW))).isEqualTo(Math.min(uses, 3));
            index.use(1, index.find(1, NOW));
        }
        long used = index.find(1, NOW);
        put(1, 2);
        index.use(1, place(1));
        assertThat(Place.uses(index.find(1, NOW))).isZero();
        index.put(1, used, 100, Entry.FOREVER);
        assertThat(Place.uses(index.find(1, NOW))).isZero();
    }

    @Test
    void moveKeepsLengthAndLifeUnlessTheEntryWasChanged() {
        index.put(1, place(1), 5000, NOW + 1000);
        index.use(1, place(1));
        long seen = index.find(1, NOW);
        assertThat(index.move(1, seen, place(2), 2)).isTrue();
        assertThat(index.move(1, seen, place(3), 0)).isFalse();
        long moved = index.find(1, NOW);
        assertThat(Place.isSame(moved, place(2))).isTrue();
        assertThat(Place.uses(moved)).isEqualTo(2);
        assertThat(Place.length(moved)).isEqualTo(Place.length(seen));
        assertThat(index.find(1, NOW + 1000)).isEqualTo(Place.ABSENT);
        assertThat(index.move(7, seen, place(4), 0)).isFalse();
        assertThat(index.find(7, NOW)).isEqualTo(Place.ABSENT);
    }

    @Test
    void removeIfLeavesAnEntryThatIsElsewhere() {
        put(1, 1);
        assertThat(index.removeIf(1, place(2))).isFalse();
        assertThat(isAt(1, 1)).isTrue();
        assertThat(index.removeIf(1, index.find(1, NOW))).isTrue();
        assertThat(index.find(1, NOW)).isEqualTo(Place.ABSENT);
        assertThat(index.removeIf(1, place(1))).isFalse();
    }

    @Test
    void whatIsFoundOnDiskDoesNotReplaceWhatIsNewer() {
        put(1, 1);
        assertThat(index.putIfUnknown(1, place(2), 100, Entry.FOREVER)).isFalse();
        assertThat(index.putIfUnknown(2, place(3), 100, Entry.FOREVER)).isTrue();
        assertThat(index.putIfUnknown(2, place(4), 100, Entry.FOREVER)).isFalse();
        assertThat(index.markIfUnknown(2)).isFalse();
        assertThat(isAt(1, 1)).isTrue();
        assertThat(isAt(2, 3)).isTrue();
    }

    @Test
    void markersKeepOlderRecordsAwayUntilTheyAreRemoved() {
        put(1, 1);
        assertThat(Place.isSame(index.mark(1), place(1))).isTrue();
        assertThat(index.mark(1)).isEqualTo(Place.ABSENT);
        assertThat(index.markIfUnknown(2)).isTrue();
        assertThat(index.putIfUnknown(1, place(2), 100, Entry.FOREVER)).isFalse();
        assertThat(index.putIfUnknown(2, place(2), 100, Entry.FOREVER)).isFalse();
        assertThat(index.find(1, NOW)).isEqualTo(Place.ABSENT);
        assertThat(index.keptUntil(1)).isZero();
        assertThat(index.size()).isZero();
        put(3, 3);
        assertThat(index.put(2, place(4), 100, Entry.FOREVER)).isEqualTo(Place.ABSENT);
        index.removeMarkers(hash -> {});
        assertThat(index.size()).isEqualTo(2);
        assertThat(isAt(2, 4)).isTrue();
        assertThat(isAt(3, 3)).isTrue();
        assertThat(index.putIfUnknown(1, place(2), 100, Entry.FOREVER)).isTrue();
    }

    @Test
    void forEachShowsEntriesWithAHashThatStandsForThem() {
        Random random = new Random(3);
        Map<Long, Integer> expected = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            long hash = random.nextLong();
            expected.put(hash & IDENTITY, i);
            index.put(hash, place(i), 100, NOW + i * 1000L);
        }
        index.mark(random.nextLong());
        Set<Long> seen = new HashSet<>();
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.forEach(partition, (hash, place, keptUntil) -> {
                int number = expected.get(hash);
                assertThat(Place.isSame(place, place(number))).isTrue();
                assertThat(keptUntil).isEqualTo(NOW + number * 1000L);
                assertThat(seen.add(hash)).isTrue();
                assertThat(index.removeIf(hash, place)).isTrue();
            });
        }
        assertThat(seen).isEqualTo(expected.keySet());
        assertThat(index.size()).isZero();
    }

    @Test
    void clearRemovesEntriesAndMarkers() {
        put(1, 1);
        index.mark(2);
        index.clear();
        assertThat(index.find(1, NOW)).isEqualTo(Place.ABSENT);
        assertThat(index.putIfUnknown(2, place(2), 100, Entry.FOREVER)).isTrue();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void heapForAnEntryStaysBelow24BytesWhileGrowing() {
        Random random = new Random(4);
        for (int size = 1; size <= 400_000; size++) {
            put(random.nextLong(), size);
            if (size >= 100_000 && size % 1000 == 0) {
                assertThat((double) index.heapBytes() / size).as("at %d", size).isLessThan(24);
            }
        }
        assertThat(index.size()).isEqualTo(400_000);
    }

    @Test
    void reservedRoomIsEnoughAndNotTooMuch() {
        put(1, 0);
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.reserve(partition, 100);
        }
        long reserved = index.heapBytes();
        assertThat(reserved).isBetween(16L * 100 * Index.PARTITIONS, 24L * 100 * Index.PARTITIONS);
        Random random = new Random(6);
        for (int i = 1; i < 100 * Index.PARTITIONS; i++) {
            int partition = (i + 1) % Index.PARTITIONS;
            put(random.nextLong() / Index.PARTITIONS * Index.PARTITIONS + partition, i);
        }
        assertThat(index.heapBytes()).isEqualTo(reserved);
        assertThat(isAt(1, 0)).isTrue();
        index.reserve(1, 10);
        assertThat(index.size()).isEqualTo(100 * Index.PARTITIONS);
    }

    @Test
    void heapIsGivenBackWhenEntriesLeave() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            put(random.nextLong(), i);
        }
        long full = index.heapBytes();
        for (int partition = 0; partition < Index.PARTITIONS; partition++) {
            index.forEach(partition, (hash, place, keptUntil) -> index.removeIf(hash, place));
        }
        assertThat(index.heapBytes()).isLessThan(full / 8);
    }

    @Test
    void everyStepOfARandomSequenceIsThatOfAMap() {
        compareWithMap(hash -> hash, 1);
    }

    @Test
    void everyStepWithHashesOf8BitsIsThatOfAMap() {
        compareWithMap(hash -> hash & 0xFF, 2);
    }

    /** One partition whose entries all want the last slots, so that searches and removals go around the end. */
    @Test
    void everyStepAroundTheEndOfAPartitionIsThatOfAMap() {
        compareWithMap(hash -> (0xFFFF_FFFFL - (hash & 3)) << 10 | (hash >>> 8 & 0xFF) << 42, 3);
    }

    @Test
    void everyStepInACrowdedPartitionIsThatOfAMap() {
        compareWithMap(hash -> (hash & 0xFFFF) << 26, 4);
    }

    private void compareWithMap(LongUnaryOperator shape, int seed) {
        Random random = new Random(seed);
        long[] hashes = random.longs(700).map(shape).toArray();
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            long hash = hashes[random.nextInt(hashes.length)];
            Integer known = model.get(hash & IDENTITY);
            // Long stretches of mostly puts and of mostly removals, so that tables grow and shrink.
            boolean fills = step / 5000 % 2 == 0;
            int at = step;
            Supplier<String> where = () -> "seed %d, step %d".formatted(seed, at);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> assertPlace(index.find(hash, NOW), known, where);
                case 3 -> {
                    boolean put = index.putIfUnknown(hash, place(step), 100, Entry.FOREVER);
                    assertThat(put).as(where).isEqualTo(model.putIfAbsent(hash & IDENTITY, step) == null);
                }
                case 4 -> {
                    long expected = place(random.nextBoolean() && known != null ? known : step);
                    boolean is = known != null && Place.isSame(expected, place(known));
                    assertThat(index.removeIf(hash, expected)).as(where).isEqualTo(is);
                    if (is) {
                        model.remove(hash & IDENTITY);
                    }
                }
                case 5 -> {
                    if (!fills) {
                        assertPlace(index.remove(hash), model.remove(hash & IDENTITY), where);
                    }
                }
                default -> {
                    if (fills) {
                        long before = index.put(hash, place(step), 100, Entry.FOREVER);
                        assertPlace(before, model.put(hash & IDENTITY, step), where);
                    } else {
                        assertPlace(index.remove(hash), model.remove(hash & IDENTITY), where);
                    }
                }
            }
            assertThat(index.size()).as(where).isEqualTo(model.size());
        }
    }

    private static void assertPlace(long place, Integer expected, Supplier<String> where) {
        if (expected == null) {
            assertThat(place).as(where).isEqualTo(Place.ABSENT);
        } else {
            assertThat(Place.isSame(place, place(expected))).as(where).isTrue();
        }
    }
}
