package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.Threads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two stores on one directory, which share no lock, as two processes do not. */
class DiskStoreSharedTests {

    private static final int THREADS = 8;

    private static final int ROUNDS = 200;

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    @TempDir
    private Path directory;

    private List<DiskStore<byte[]>> open(Layout layout) {
        return List.of(openOne(layout), openOne(layout));
    }

    private DiskStore<byte[]> openOne(Layout layout) {
        return DiskStore.bytes(directory)
                .layout(layout)
                .maxEntries(1000)
                .clock(clock)
                .scheduler(new ManualScheduler())
                .failures(failures)
                .build();
    }

    private static byte[] value(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void oneOfAllPutsIfAbsent(Layout layout) {
        List<DiskStore<byte[]>> stores = open(layout);
        AtomicIntegerArray winners = new AtomicIntegerArray(ROUNDS);
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            DiskStore<byte[]> store = stores.get(thread % 2);
            for (int round = 0; round < ROUNDS; round++) {
                byte[] mine = value("thread" + thread);
                byte[] winner = store.putIfAbsent("key" + round, Entry.of(mine));
                if (winner == null) {
                    winners.incrementAndGet(round);
                    winner = mine;
                }
                byte[] seen = store.get("key" + round);
                if (seen == null || !java.util.Arrays.equals(winner, seen)) {
                    wrong.incrementAndGet();
                }
            }
        });
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(winners.get(round)).as("winners of round %d", round).isEqualTo(1);
        }
        assertThat(wrong).hasValue(0);
        assertThat(failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void oneOfAllPops(Layout layout) {
        List<DiskStore<byte[]>> stores = open(layout);
        for (int round = 0; round < ROUNDS; round++) {
            stores.get(0).put("key" + round, value("value"));
        }
        AtomicIntegerArray popped = new AtomicIntegerArray(ROUNDS);
        Threads.run(THREADS, thread -> {
            for (int round = 0; round < ROUNDS; round++) {
                if (stores.get(thread % 2).pop("key" + round) != null) {
                    popped.incrementAndGet(round);
                }
            }
        });
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(popped.get(round)).as("pops of round %d", round).isEqualTo(1);
        }
        assertThat(failures.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void readsAreWholeWhileOthersWriteTouchRemoveAndClear(Layout layout) {
        List<DiskStore<byte[]>> stores = open(layout);
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(THREADS, thread -> {
            DiskStore<byte[]> store = stores.get(thread % 2);
            for (int round = 0; round < ROUNDS; round++) {
                String key = "key" + round % 4;
                switch (thread) {
                    case 0, 1 -> store.put(key, value(key + "/" + "x".repeat(round)));
                    case 2 -> store.touch(key, clock.millis() + 1000 + round, Entry.FOREVER);
                    case 3 -> {
                        if (round % 8 == 0) {
                            store.remove(key);
                        } else if (round % 50 == 1) {
                            store.clear();
                        }
                    }
                    default -> {
                        byte[] seen = store.get(key);
                        if (seen != null && !new String(seen, StandardCharsets.UTF_8).matches(key + "/x*")) {
                            wrong.incrementAndGet();
                        }
                    }
                }
            }
        });
        assertThat(wrong).hasValue(0);
        assertThat(failures.counts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatOneWritesAndRemovesTheOtherSees(Layout layout) {
        List<DiskStore<byte[]>> stores = open(layout);
        stores.get(0).put("key", value("value"));
        assertThat(stores.get(1).get("key")).isEqualTo(value("value"));
        assertThat(stores.get(1).remove("key")).isTrue();
        assertThat(stores.get(0).get("key")).isNull();
        assertThat(stores.get(0).remove("key")).isFalse();
        stores.get(0).put("key", value("again"));
        assertThat(stores.get(1).clear()).isTrue();
        assertThat(stores.get(0).get("key")).isNull();
    }
}
