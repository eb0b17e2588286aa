package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvictorTests {

    private static final long ANY = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    private final Disk disk = new Disk(FileSystems.getDefault(), Durability.PROCESS);

    private final ManualClock clock = new ManualClock();

    private final Failures failures = new Failures("test", clock);

    private FakeTree tree = new FakeTree(Path.of("none"), 16);

    private final Recency recency = new Recency(id -> directory.resolve(id), clock, failures);

    private Ledger ledger;

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    @Test
    void withinTheBoundNothingIsListed() {
        Evictor evictor = evictor(3, ANY);
        write(evictor, "a", 1);
        write(evictor, "b", 1);
        write(evictor, "c", 1);
        assertThat(tree.listings).isZero();
        assertThat(tree.entries).hasSize(3);
    }

    @Test
    void leastRecentlyWrittenGoesFirst() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"d", "b", "c", "a"}) {
            write(evictor, id, 1);
        }
        assertThat(tree.entries).containsOnlyKeys("b", "c", "a");
        assertThat(ledger.entries()).isEqualTo(3);
    }

    @Test
    void usedEntryStays() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"d", "b", "c"}) {
            write(evictor, id, 1);
        }
        recency.used("d");
        write(evictor, "a", 1);
        assertThat(tree.entries).containsOnlyKeys("c", "d", "a");
    }

    @Test
    void entryUsedAfterItWasListedStays() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"a", "b", "c", "d"}) {
            write(evictor, id, 1);
        }
        recency.used("b");
        write(evictor, "e", 1);
        assertThat(tree.entries).containsOnlyKeys("b", "d", "e");
    }

    @Test
    void entryUsedByAnotherProcessStays() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"a", "b", "c"}) {
            write(evictor, id, 1);
        }
        tree.put("a", 1, nanos() + TimeUnit.SECONDS.toNanos(5));
        write(evictor, "d", 1);
        assertThat(tree.entries).containsOnlyKeys("a", "c", "d");
    }

    @Test
    void entryUsedByAnotherProcessAfterItWasListedStays() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"a", "b", "c", "d"}) {
            write(evictor, id, 1);
        }
        tree.put("b", 1, nanos() + TimeUnit.SECONDS.toNanos(5));
        write(evictor, "e", 1);
        assertThat(tree.entries).containsOnlyKeys("b", "d", "e");
    }

    @Test
    void useThatWasWrittenBackDoesNotKeepAnEntry() {
        Evictor evictor = evictor(3, ANY);
        for (String id : new String[] {"a", "b", "c"}) {
            write(evictor, id, 1);
        }
        recency.used("a");
        recency.used("b");
        recency.used("c");
        write(evictor, "d", 1);
        tree.put("b", 1, recency.lastUse("b", 0));
        write(evictor, "e", 1);
        assertThat(tree.entries).containsOnlyKeys("c", "d", "e");
    }

    @Test
    void bytesAreBounded() {
        Evictor evictor = evictor(ANY, 100);
        write(evictor, "a", 40);
        write(evictor, "b", 40);
        write(evictor, "c", 20);
        assertThat(tree.entries).hasSize(3);
        write(evictor, "d", 50);
        assertThat(tree.entries).containsOnlyKeys("c", "d");
        assertThat(ledger.bytes()).isEqualTo(70);
    }

    @Test
    void entryLargerThanTheBoundDoesNotFit() {
        Evictor evictor = evictor(ANY, 100);
        assertThat(evictor.fits(100)).isTrue();
        assertThat(evictor.fits(101)).isFalse();
    }

    @Test
    void entryBeingWrittenIsSpared() {
        Evictor evictor = evictor(ANY, 100);
        write(evictor, "a", 50);
        write(evictor, "b", 50);
        ledger.add(0, 30);
        assertThat(evictor.makeRoom("a", 0, 30)).isTrue();
        assertThat(tree.entries).containsOnlyKeys("a");
    }

    @Test
    void lockedEntriesLeaveNoRoom() {
        Evictor evictor = evictor(1, ANY);
        write(evictor, "a", 1);
        tree.locked.add("a");
        ledger.add(1, 1);
        assertThat(evictor.makeRoom("b", 1, 1)).isFalse();
        assertThat(evictor.wasAstray()).isFalse();
        tree.locked.clear();
        assertThat(evictor.makeRoom("b", 1, 1)).isTrue();
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void lockedEntryIsPassedOver() {
        Evictor evictor = evictor(2, ANY);
        write(evictor, "a", 1);
        write(evictor, "b", 1);
        tree.locked.add("a");
        write(evictor, "c", 1);
        assertThat(tree.entries).containsOnlyKeys("a", "c");
    }

    @Test
    void emptyTreeHasRoomWhateverTheLedgerSays() {
        Evictor evictor = evictor(3, ANY);
        ledger.add(1000, 1000);
        assertThat(evictor.makeRoom("a", 1, 1)).isTrue();
        assertThat(evictor.wasAstray()).isTrue();
        assertThat(evictor.wasAstray()).isFalse();
    }

    @Test
    void treeThatCannotBeListedHasNoRoom() {
        Evictor evictor = evictor(1, ANY);
        write(evictor, "a", 1);
        tree.broken = true;
        ledger.add(1, 1);
        assertThat(evictor.makeRoom("b", 1, 1)).isFalse();
        assertThat(evictor.wasAstray()).isFalse();
        assertThat(failures.counts()).containsOnlyKeys("read");
        tree.broken = false;
        assertThat(evictor.makeRoom("b", 1, 1)).as("listed again at once").isTrue();
        assertThat(tree.entries).isEmpty();
    }

    @Test
    void loweredBoundIsReachedBitByBit() {
        Evictor wide = evictor(1000, ANY);
        for (int i = 0; i < 1000; i++) {
            write(wide, "n" + i, 1);
        }
        Evictor narrow = new Evictor(tree, ledger, recency, 100, ANY, failures);
        write(narrow, "one more", 1);
        assertThat(tree.entries).hasSize(1000 - Evictor.CATCH_UP);
        narrow.trim(new Pace(500));
        assertThat(tree.entries).hasSize(1000 - Evictor.CATCH_UP - 500);
        narrow.trim(Pace.usual());
        assertThat(tree.entries).hasSize(100);
    }

    @Test
    void largeEntryTakesTheRoomOfManySmallOnes() {
        Evictor evictor = evictor(ANY, 1000);
        for (int i = 0; i < 1000; i++) {
            write(evictor, "n" + i, 1);
        }
        write(evictor, "large", 900);
        assertThat(tree.entries).hasSize(101);
        assertThat(ledger.bytes()).isEqualTo(1000);
    }

    @Test
    void orderIsThatOfAMapInOrderOfAccess() {
        Random random = new Random(42);
        int bound = 50;
        Evictor evictor = evictor(bound, ANY);
        Map<String, Boolean> model = new LinkedHashMap<>(16, 0.75f, true);
        for (int i = 0; i < 20_000; i++) {
            String id = "n" + random.nextInt(100);
            if (random.nextBoolean()) {
                if (tree.entries.containsKey(id)) {
                    recency.used(id);
                }
                model.get(id);
            } else {
                write(evictor, id, 1);
                model.put(id, true);
                if (model.size() > bound) {
                    Iterator<String> eldest = model.keySet().iterator();
                    eldest.next();
                    eldest.remove();
                }
            }
            assertThat(tree.entries.keySet()).isEqualTo(model.keySet());
        }
    }

    @Test
    void ofManyTheOldestQuarterOfASampleGoes() {
        tree = new FakeTree(Path.of("none"), 256);
        Evictor evictor = evictor(20_000, ANY);
        for (int i = 0; i < 22_000; i++) {
            clock.advanceMillis(1);
            write(evictor, "n%05d".formatted(i), 1);
        }
        assertThat(tree.entries).hasSize(20_000);
        long oldEnough = tree.entries.keySet().stream()
                .filter(id -> id.compareTo("n07000") >= 0)
                .count();
        assertThat(oldEnough).isEqualTo(15_000);
    }

    @Test
    void evictionListsAFewEntriesAtAnySize() {
        tree = new FakeTree(Path.of("none"), 256);
        Evictor evictor = evictor(20_000, ANY);
        for (int i = 0; i < 20_000; i++) {
            write(evictor, "n" + i, 1);
        }
        assertThat(tree.listed).isZero();
        for (int i = 0; i < 2000; i++) {
            write(evictor, "m" + i, 1);
        }
        assertThat(tree.listed).isLessThan(5 * 2000);
    }

    private Evictor evictor(long maxEntries, long maxBytes) {
        ledger = new Ledger(directory.resolve("ledger"), disk, clock, failures);
        return new Evictor(tree, ledger, recency, maxEntries, maxBytes, failures);
    }

    private void write(Evictor evictor, String id, long bytes) {
        FakeTree.Fake old = tree.entries.get(id);
        long more = bytes - (old == null ? 0 : old.bytes());
        ledger.add(old == null ? 1 : 0, more);
        assertThat(evictor.makeRoom(id, old == null ? 1 : 0, more)).isTrue();
        recency.written(id);
        tree.put(id, bytes, nanos());
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
