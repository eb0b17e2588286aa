package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.contract.Threads;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IndexConcurrencyTests {

    private static final int KEYS = 3000;

    /** A hash that wants to be in the last slot of a table. */
    private static final long LAST_SLOT = 0xFFFF_FFFFL << Index.PARTITION_BITS;

    private final Index index = new Index();

    /** All in one partition. */
    private static long hash(int key) {
        return (key * 0x9E37_79B9L & 0xFFFF_FFFFL) << Index.PARTITION_BITS;
    }

    private static long place(int key, int version) {
        return Place.of(key, 16 + version * 8L);
    }

    /** A place and a length that belong to different keys or versions would be torn. Quick, so that threads meet often. */
    private static void assertWhole(long place, int key) {
        long version = (Place.offset(place) - 16) / 8;
        if (Place.segment(place) != key || Place.length(place) != length(key, (int) version)) {
            throw new AssertionError("Found %x for key %d".formatted(place, key));
        }
    }

    private static int length(int key, int version) {
        return (key % 20 + 1) * 8 + version % 20 * 160;
    }

    private void put(int key, int version) {
        index.put(hash(key), place(key, version), length(key, version), Entry.FOREVER);
    }

    @Test
    void readersSeeWholeEntriesAndMissNoneThatStaysWhileTheTableGrowsAndShrinks() {
        for (int key = 0; key < KEYS; key += 10) {
            put(key, 0);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        Threads.run(3, thread -> {
            Random random = new Random(thread);
            try {
                for (int round = 1; thread == 0 && (round <= 500 || reads.get() < 100_000); round++) {
                    for (int key = 0; key < KEYS; key++) {
                        put(key, round);
                    }
                    for (int key = 0; key < KEYS; key++) {
                        if (key % 10 != 0) {
                            assertWhole(index.remove(hash(key)), key);
                        }
                    }
                }
            } finally {
                done.compareAndSet(false, thread == 0);
            }
            while (!done.get()) {
                int key = random.nextInt(KEYS);
                long place = index.find(hash(key), 0);
                if (place != Place.ABSENT) {
                    assertWhole(place, key);
                } else if (key % 10 == 0) {
                    throw new AssertionError("Key %d was not found".formatted(key));
                }
                reads.incrementAndGet();
            }
        });
        assertThat(index.size()).isEqualTo(KEYS / 10);
    }

    /** A search among the slots of one table that takes the other's length would leave the array. Rare: a reader has to stop in between. */
    @Test
    void readersNeverTakeTheLengthOfOneTableForThatOfAnother() {
        Partition partition = new Partition();
        AtomicBoolean done = new AtomicBoolean();
        Threads.run(3, thread -> {
            try {
                for (int round = 0; thread == 0 && round < 2_000_000; round++) {
                    partition.reserve(40);
                    partition.clear();
                }
            } finally {
                done.compareAndSet(false, thread == 0);
            }
            while (!done.get()) {
                if (partition.find(LAST_SLOT, 0) != Place.ABSENT) {
                    throw new AssertionError("Found what nobody put");
                }
            }
        });
        assertThat(partition.size()).isZero();
    }

    /** All want the same slot, so that each removal moves many of them past readers on their way. */
    @Test
    void readersMissNoneThatStaysWhileItIsMovedAround() {
        for (int key = 0; key < 200; key++) {
            index.put(crowded(key), place(key, 0), length(key, 0), Entry.FOREVER);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        Threads.run(2, thread -> {
            try {
                for (int round = 1; thread == 0 && (round <= 200_000 || reads.get() < 20_000); round++) {
                    int key = round * 2 % 200;
                    assertWhole(index.remove(crowded(key)), key);
                    index.put(crowded(key), place(key, round), length(key, round), Entry.FOREVER);
                }
            } finally {
                done.compareAndSet(false, thread == 0);
            }
            for (int key = 1; !done.get(); key = (key + 2) % 200) {
                assertWhole(index.find(crowded(key), 0), key);
                reads.incrementAndGet();
            }
        });
    }

    private static long crowded(int key) {
        return (long) key << (Index.PARTITION_BITS + 32);
    }

    @Test
    void aReaderNeverSeesAnOlderPlaceAfterANewerOne() {
        AtomicBoolean done = new AtomicBoolean();
        put(5, 0);
        Threads.run(3, thread -> {
            for (int version = 1; thread == 0 && version < 300_000; version++) {
                put(5, version);
                put(version % 50 + 6, version);
                index.remove(hash((version + 25) % 50 + 6));
            }
            done.compareAndSet(false, thread == 0);
            long latest = 0;
            while (!done.get()) {
                long offset = Place.offset(index.find(hash(5), 0));
                assertThat(offset).isGreaterThanOrEqualTo(latest);
                latest = offset;
            }
        });
    }

    @Test
    void writersOfOnePartitionLoseNothing() {
        Threads.run(4, thread -> {
            for (int round = 0; round < 300; round++) {
                for (int key = thread; key < KEYS; key += 4) {
                    put(key, round);
                    index.use(hash(key), place(key, round));
                }
                for (int key = thread; key < KEYS; key += 8) {
                    assertWhole(index.remove(hash(key)), key);
                }
            }
        });
        for (int key = 0; key < KEYS; key++) {
            long place = index.find(hash(key), 0);
            if (key % 8 < 4) {
                assertThat(place).isEqualTo(Place.ABSENT);
            } else {
                assertWhole(place, key);
            }
        }
        assertThat(index.size()).isEqualTo(KEYS / 2);
    }

    @Test
    void ofSeveralThreadsThatRemoveOrMoveAnEntryOneSucceeds() {
        for (int round = 0; round < 50; round++) {
            int version = round;
            AtomicInteger winners = new AtomicInteger();
            put(1, version);
            Threads.run(3, thread -> {
                boolean won = thread == 0
                        ? index.move(hash(1), place(1, version), place(1, version + 1), 0)
                        : index.removeIf(hash(1), place(1, version));
                if (won) {
                    winners.incrementAndGet();
                }
            });
            assertThat(winners).hasValue(1);
        }
    }
}
