package dev.larder.store.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Scheduler;
import dev.larder.store.Store;
import dev.larder.store.StoreStats;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several callers at once can see of a {@link Store}. */
public abstract class ConcurrentStoreContract {

    protected static final int THREADS = 16;

    protected final ManualClock clock = new ManualClock();

    protected Store<String, String> store;

    /** A store with room for ten thousand small entries. */
    protected abstract Store<String, String> open(InstantSource clock, Scheduler scheduler);

    /** How many rounds a test goes; less for stores that are slow. */
    protected int rounds() {
        return 2000;
    }

    @BeforeEach
    void open() {
        store = open(clock, new ManualScheduler());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void oneOfSixteenPutsIfAbsent() {
        AtomicIntegerArray winners = new AtomicIntegerArray(rounds());
        Threads.run(THREADS, thread -> {
            for (int round = 0; round < rounds(); round++) {
                if (store.putIfAbsent("key" + round, Entry.of("thread" + thread)) == null) {
                    winners.incrementAndGet(round);
                }
            }
        });
        for (int round = 0; round < rounds(); round++) {
            assertThat(winners.get(round)).as("winners of round %d", round).isEqualTo(1);
        }
    }

    @Test
    void losersOfPutIfAbsentSeeTheWinner() {
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            for (int round = 0; round < rounds(); round++) {
                String mine = "thread" + thread;
                String winner = store.putIfAbsent("key" + round, Entry.of(mine));
                if (!(winner == null ? mine : winner).equals(store.get("key" + round))) {
                    wrong.incrementAndGet();
                }
            }
        });
        assertThat(wrong).hasValue(0);
    }

    @Test
    void oneOfSixteenPops() {
        for (int round = 0; round < rounds(); round++) {
            store.put("key" + round, "value");
        }
        AtomicIntegerArray popped = new AtomicIntegerArray(rounds());
        Threads.run(THREADS, thread -> {
            for (int round = 0; round < rounds(); round++) {
                if (store.pop("key" + round) != null) {
                    popped.incrementAndGet(round);
                }
            }
        });
        for (int round = 0; round < rounds(); round++) {
            assertThat(popped.get(round)).as("pops of round %d", round).isEqualTo(1);
        }
        assertThat(store.size()).isZero();
    }

    @Test
    void everyPutIsPoppedOnceOrStillThere() {
        AtomicLong puts = new AtomicLong();
        AtomicLong pops = new AtomicLong();
        Threads.run(THREADS, thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < rounds(); round++) {
                String key = "key" + random.nextInt(8);
                if (random.nextBoolean()) {
                    if (store.putIfAbsent(key, Entry.of("value")) == null) {
                        puts.incrementAndGet();
                    }
                } else if (store.pop(key) != null) {
                    pops.incrementAndGet();
                }
            }
        });
        assertThat(puts.get() - pops.get()).isEqualTo(store.size());
    }

    @Test
    void valueReadBelongsToItsKeyAndWasPut() {
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < rounds(); round++) {
                String key = "key" + random.nextInt(64);
                switch (random.nextInt(6)) {
                    case 0, 1 -> store.put(key, key + ":" + round);
                    case 2 -> store.remove(key);
                    default -> {
                        String value = store.get(key);
                        if (value != null && !value.startsWith(key + ":")) {
                            wrong.incrementAndGet();
                        }
                    }
                }
            }
        });
        assertThat(wrong).hasValue(0);
    }

    @Test
    void writerReadsItsOwnWriteWhileOthersWriteOtherKeys() {
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            Random random = new Random(thread);
            String[] expected = new String[rounds() / 4];
            for (int round = 0; round < rounds(); round++) {
                int number = random.nextInt(expected.length);
                String key = thread + "/" + number;
                if (random.nextInt(4) == 0) {
                    store.remove(key);
                    expected[number] = null;
                } else {
                    expected[number] = "value" + round;
                    store.put(key, expected[number]);
                }
                int check = random.nextInt(expected.length);
                String seen = store.get(thread + "/" + check);
                if (expected[check] == null ? seen != null : !expected[check].equals(seen)) {
                    wrong.incrementAndGet();
                }
            }
        });
        assertThat(wrong).hasValue(0);
    }

    @Test
    void entryIsNeverMadeOfTwo() {
        AtomicInteger torn = new AtomicInteger();
        long base = clock.millis();
        Threads.run(THREADS, thread -> {
            for (int round = 1; round <= rounds(); round++) {
                if (thread % 2 == 0) {
                    store.put("key", new Entry<>("" + round, base + round, base + 2L * round, "\"" + round + "\""));
                } else {
                    Entry<String> entry = store.entry("key");
                    if (entry != null) {
                        long number = Long.parseLong(entry.value());
                        Entry<String> whole =
                                new Entry<>("" + number, base + number, base + 2 * number, "\"" + number + "\"");
                        if (!entry.equals(whole)) {
                            torn.incrementAndGet();
                        }
                    }
                }
            }
        });
        assertThat(torn).hasValue(0);
    }

    @Test
    void expiredValueIsNotReturnedWhileItIsReplaced() {
        AtomicInteger expired = new AtomicInteger();
        AtomicInteger returned = new AtomicInteger();
        int last = rounds() * 20;
        Threads.run(2, thread -> {
            if (thread == 0) {
                for (int round = 1; round <= last; round++) {
                    store.put("key", Entry.of("" + round, clock.millis() + 1));
                    clock.advanceMillis(1);
                    expired.set(round);
                }
            }
            while (thread == 1 && expired.get() < last) {
                int before = expired.get();
                String value = store.get("key");
                if (value != null && Integer.parseInt(value) <= before) {
                    returned.incrementAndGet();
                }
            }
        });
        assertThat(returned).hasValue(0);
    }

    @Test
    void clearRemovesWhatWasPutBefore() throws Exception {
        int writers = THREADS - 1;
        CyclicBarrier turn = new CyclicBarrier(THREADS);
        AtomicInteger survivors = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            for (int round = 0; round < Math.max(10, rounds() / 40); round++) {
                for (int i = 0; i < 20 && thread < writers; i++) {
                    store.put("before/" + thread + "/" + i, "value");
                }
                turn.await();
                if (thread == writers) {
                    store.clear();
                    for (int writer = 0; writer < writers; writer++) {
                        for (int i = 0; i < 20; i++) {
                            if (store.contains("before/" + writer + "/" + i)) {
                                survivors.incrementAndGet();
                            }
                        }
                    }
                } else {
                    for (int i = 0; i < 20; i++) {
                        store.put("during/" + thread + "/" + i, "value");
                    }
                }
                turn.await();
            }
        });
        assertThat(survivors).hasValue(0);
        store.clear();
        assertThat(store.size()).isZero();
    }

    @Test
    void countsAddUp() {
        AtomicLong reads = new AtomicLong();
        Threads.run(THREADS, thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < rounds(); round++) {
                String key = "key" + random.nextInt(100);
                switch (random.nextInt(10)) {
                    case 0, 1 -> store.put(key, "value");
                    case 2 -> store.putIfAbsent(key, Entry.of("value"));
                    case 3 -> store.remove(key);
                    case 4 -> {
                        store.pop(key);
                        reads.incrementAndGet();
                    }
                    case 5 -> store.touch(key, Entry.FOREVER, Entry.FOREVER);
                    case 6 -> {
                        if (random.nextInt(5) == 0) {
                            store.clear();
                        }
                    }
                    default -> {
                        store.get(key);
                        reads.incrementAndGet();
                    }
                }
            }
        });
        StoreStats stats = store.stats();
        assertThat(stats.hits() + stats.misses()).isEqualTo(reads.get());
        assertThat(stats.puts() - stats.replaced() - stats.removed() - stats.expired() - stats.evicted())
                .isEqualTo(stats.size())
                .isEqualTo(store.size());
    }
}
