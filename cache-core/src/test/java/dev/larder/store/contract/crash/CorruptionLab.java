package dev.larder.store.contract.crash;

import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.Store;
import dev.larder.store.contract.ManualClock;
import dev.larder.store.contract.ManualScheduler;
import dev.larder.store.contract.crash.History.Misses;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Damages the files of a small store in every way, and looks at every key: the right value or none, with the right life and
 * etag, never an older one, never a removed one.
 *
 * @param subject what is tried
 * @param parent where directories are made
 * @param segmentSize in bytes
 * @param stride how many bytes to go on after each that was tried; 1 tries every byte, otherwise long files are
 *     tried less often
 */
public record CorruptionLab(Subject subject, Path parent, int segmentSize, int stride) {

    private static final int KEYS = 8;

    /** The key whose value is too large for a segment. */
    private static final int LARGE = 4;

    private static final int HOLE = 64;

    /** Stores begin records at multiples of it, if anywhere. */
    private static final int ALIGNMENT = 8;

    private static final int MOST_SHIFTED = 2000;

    private static final int LONG = 4096;

    /** A store may take a last record that is zero for one that was never written; here it is not longer than this. */
    private static final int LAST_RECORD = 200;

    /** When to damage the files. */
    public enum State {
        /** After the store was closed. */
        CLOSED,
        /** After its process was killed. */
        KILLED
    }

    /** What is done to the content of a file. */
    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] content);
    }

    /** A store with a history, and how to look at it when it was damaged. */
    final class Victim {

        private final ManualScheduler scheduler = new ManualScheduler();

        private final ManualClock clock = new ManualClock();

        private final Settings settings = new Settings(
                Settings.UNBOUNDED,
                segmentSize,
                1,
                Sync.PROCESS,
                clock,
                scheduler,
                new Failures("corruption lab", clock));

        private final History history = new History(KEYS, Misses.FORBIDDEN);

        private final Path directory = parent.resolve("store");

        /** So that no sync reaches the disk, which takes long. */
        private final Path seen = new FaultyFileSystem(FileSystems.getDefault()).over(directory);

        private Map<String, byte[]> good = Map.of();

        /** The files of a while ago. */
        private Map<String, byte[]> older = Map.of();

        Victim(State state) throws IOException {
            Trees.delete(directory);
            try (Store<String, byte[]> store = open()) {
                Workload workload = new Workload(store, history, settings, KEYS, 0);
                write(store, workload);
                workload.act(0, Act.CLEAR, 0);
                older = Trees.contents(directory);
                write(store, workload);
                history.check();
                good = Trees.contents(directory);
            }
            if (state == State.CLOSED) {
                good = Trees.contents(directory);
            }
        }

        /** Each key has had several versions; some are removed, some replaced by their own file's content. */
        private void write(Store<String, byte[]> store, Workload workload) throws IOException {
            for (int round = 0; round < 2; round++) {
                for (int key = 0; key < KEYS; key++) {
                    workload.put(0, key, key == LARGE ? segmentSize / 3 : key * 20);
                }
            }
            for (int key = 0; key < KEYS; key += 3) {
                workload.act(0, Act.REMOVE, key);
            }
            store.put("planted", Entry.of(largest()));
            workload.put(0, 1, 10);
            workload.act(0, Act.REMOVE, 2);
        }

        /** What is in the longest of the files, without the room that it leaves for more. */
        private byte[] largest() throws IOException {
            byte[] longest = new byte[0];
            for (byte[] content : Trees.contents(directory).values()) {
                longest = content.length > longest.length ? content : longest;
            }
            int end = longest.length;
            while (end > 0 && longest[end - 1] == 0) {
                end--;
            }
            return Arrays.copyOf(longest, end);
        }

        private Store<String, byte[]> open() {
            Store<String, byte[]> store = subject.open(seen, settings);
            subject.awaitRecovery(store);
            return store;
        }

        Map<String, byte[]> good() {
            return good;
        }

        Map<String, byte[]> older() {
            return older;
        }

        /** Opens a store on what is in the directory, looks, and lets it do some work. */
        int check(String what) {
            try (Store<String, byte[]> store = open()) {
                int found = look(store, what);
                scheduler.runAll();
                look(store, what);
                checkWorks(store, what);
                return found;
            } catch (RuntimeException ex) {
                throw new Violation("%s: %s".formatted(what, ex), ex);
            }
        }

        /** Returns how many keys were found. */
        int look(Store<String, byte[]> store, String what) {
            int found = 0;
            for (int key = 0; key < KEYS; key++) {
                byte[] value = store.get(Value.name(key));
                Entry<byte[]> entry = store.entry(Value.name(key));
                if (value != null && !history.isPossible(key, Value.version(key, value))) {
                    throw new Violation(
                            "%s: key %d gave old version %d".formatted(what, key, Value.version(key, value)));
                }
                if (entry != null && !history.isPossible(key, Value.version(key, entry))) {
                    throw new Violation("%s: key %d has an old entry".formatted(what, key));
                }
                found += value == null ? 0 : 1;
            }
            return found;
        }

        private void checkWorks(Store<String, byte[]> store, String what) {
            Entry<byte[]> entry = Value.entry(1, 1L << 60, 30);
            store.put(Value.name(1), entry);
            if (!Arrays.equals(store.get(Value.name(1)), entry.value())) {
                throw new Violation(what + ": what was put now is not found");
            }
            store.remove(Value.name(1));
            if (store.get(Value.name(1)) != null) {
                throw new Violation(what + ": what was removed now is found");
            }
        }

        void restore() throws IOException {
            Trees.restore(directory, good);
        }

        void write(String file, byte[] content) throws IOException {
            Files.write(directory.resolve(file), content);
        }
    }

    /** Nothing is damaged, and all is there. */
    public void checkUndamaged(State state) throws IOException {
        Victim victim = new Victim(state);
        victim.restore();
        if (victim.check("nothing happened") < 4) {
            throw new Violation("Little is found though nothing happened");
        }
    }

    /** Flips bits of each byte. */
    public void flipEveryByte(State state) throws IOException {
        Random random = new Random(1);
        eachByte(state, "flipped", (content, at) -> {
            content[at] ^= (byte) (1 << random.nextInt(8));
            return content;
        });
        eachByte(state, "inverted", (content, at) -> {
            content[at] ^= (byte) 0xff;
            return content;
        });
    }

    /** Lets each file end at each byte. */
    public void truncateEverywhere(State state) throws IOException {
        eachByte(state, "truncated", Arrays::copyOf);
    }

    /** Lets each file be zero from each byte on. After a kill, zeros at the end are the same as what was never written. */
    public void zeroFromEverywhere() throws IOException {
        eachByte(State.CLOSED, "zeroed", (content, at) -> {
            Arrays.fill(content, at, content.length, (byte) 0);
            return content;
        });
    }

    /** Makes a hole at each byte, with something behind it. */
    public void makeHolesEverywhere(State state) throws IOException {
        eachByte(state, "hole", (content, at) -> {
            if (at + HOLE + LAST_RECORD < end(content)) {
                Arrays.fill(content, at, at + HOLE, (byte) 0);
            }
            return content;
        });
    }

    @FunctionalInterface
    private interface ByteChange {
        byte[] of(byte[] content, int at);
    }

    private void eachByte(State state, String what, ByteChange change) throws IOException {
        Victim victim = new Victim(state);
        for (Map.Entry<String, byte[]> file : victim.good().entrySet()) {
            int end = end(file.getValue());
            int step = step(end);
            for (int at = 0; at < end; at += step) {
                byte[] changed = change.of(file.getValue().clone(), at);
                if (!Arrays.equals(changed, file.getValue())) {
                    victim.restore();
                    victim.write(file.getKey(), changed);
                    victim.check("%s %s at %d".formatted(file.getKey(), what, at));
                }
            }
        }
    }

    /** Long files are not tried so much more often than short ones, unless every byte is asked for. */
    private int step(int end) {
        return stride == 1 ? 1 : stride * (1 + end / LONG);
    }

    /** A few bytes behind the last that is not zero: what follows is room for more. */
    private static int end(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return Math.min(content.length, end + 16);
    }

    /** Changes whole files. */
    public void mistreatFiles(State state) throws IOException {
        Victim victim = new Victim(state);
        Map<String, Change> changes = new TreeMap<>();
        changes.put("emptied", content -> new byte[0]);
        changes.put("zeroed", content -> new byte[content.length]);
        changes.put("doubled", content -> {
            byte[] twice = Arrays.copyOf(content, 2 * content.length);
            System.arraycopy(content, 0, twice, content.length, content.length);
            return twice;
        });
        changes.put("filled with ones", content -> {
            byte[] ones = new byte[content.length];
            Arrays.fill(ones, (byte) 0xff);
            return ones;
        });
        changes.put("reversed", content -> {
            byte[] reversed = new byte[content.length];
            for (int i = 0; i < content.length; i++) {
                reversed[i] = content[content.length - 1 - i];
            }
            return reversed;
        });
        for (Map.Entry<String, byte[]> file : victim.good().entrySet()) {
            for (Map.Entry<String, Change> change : changes.entrySet()) {
                victim.restore();
                victim.write(file.getKey(), change.getValue().of(file.getValue().clone()));
                victim.check(file.getKey() + " " + change.getKey());
            }
            victim.restore();
            Files.delete(victim.directory.resolve(file.getKey()));
            victim.check(file.getKey() + " deleted");
        }
    }

    /** Lets each file have the content of each other, and of the one that had its name before a clear. */
    public void swapFiles(State state) throws IOException {
        Victim victim = new Victim(state);
        for (String one : victim.good().keySet()) {
            for (String other : victim.good().keySet()) {
                victim.restore();
                victim.write(one, victim.good().get(other));
                victim.check("%s has the content of %s".formatted(one, other));
                victim.restore();
                victim.write(one, victim.good().get(other));
                victim.write(other, victim.good().get(one));
                victim.check("%s and %s swapped".formatted(one, other));
            }
        }
        for (Map.Entry<String, byte[]> old : victim.older().entrySet()) {
            if (!victim.good().containsKey(old.getKey())) {
                victim.restore();
                victim.write(old.getKey(), old.getValue());
                victim.check(old.getKey() + " is back, which a clear had deleted");
            }
        }
    }

    /** Changes files that an open store reads: flips bytes, lets other bytes be read than should, and cuts them off. */
    public void damageUnderAnOpenStore() throws IOException {
        Victim victim = new Victim(State.CLOSED);
        for (Map.Entry<String, byte[]> file : victim.good().entrySet()) {
            byte[] good = file.getValue();
            int end = end(good);
            for (int at = 0; at < end; at += step(end)) {
                byte[] changed = good.clone();
                changed[at] ^= 0x41;
                damageWhileOpen(victim, file.getKey(), changed, "flipped at " + at);
            }
            for (int distance = ALIGNMENT; distance < Math.min(end, MOST_SHIFTED); distance += ALIGNMENT) {
                byte[] changed = good.clone();
                System.arraycopy(good, 0, changed, distance, end - distance);
                damageWhileOpen(victim, file.getKey(), changed, "shifted by " + distance);
            }
            damageWhileOpen(victim, file.getKey(), new byte[0], "cut off");
        }
        victim.check("all files cut off in turn");
    }

    private static void damageWhileOpen(Victim victim, String file, byte[] changed, String what) throws IOException {
        victim.restore();
        try (Store<String, byte[]> store = victim.open()) {
            Path path = victim.directory.resolve(file);
            // Opening may have deleted it.
            if (Files.exists(path)) {
                overwrite(path, changed);
                victim.look(store, "%s %s while it is open".formatted(file, what));
            }
        }
    }

    private static void overwrite(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content), 0);
            if (content.length == 0) {
                channel.truncate(0);
            }
        }
    }
}
