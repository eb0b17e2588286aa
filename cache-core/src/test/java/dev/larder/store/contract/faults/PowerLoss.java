package dev.larder.store.contract.faults;

import dev.larder.store.contract.faults.Call.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches what is written below a directory and what is synced, and tells what may be left of it when power is lost:
 * what was synced, and of the rest any part. Contents are synced file by file, names directory by directory. Nobody may
 * rely on more; that systems mostly keep more is no help when they do not.
 *
 * <p>To be injected into a {@link FaultyFileSystem} for any call. Thread-safe.
 */
public final class PowerLoss implements Fault {

    private final Path root;

    /** What each name leads to, as the running system sees it. */
    private final Map<Path, Object> names = new HashMap<>();

    /** The same on disk. */
    private final Map<Path, Object> durableNames = new TreeMap<>();

    private final List<Change> changes = new ArrayList<>();

    private final ThreadLocal<Boolean> existed = ThreadLocal.withInitial(() -> false);

    private final ThreadLocal<Long> syncFrom = ThreadLocal.withInitial(() -> 0L);

    private long time;

    private long cutAt = Long.MAX_VALUE;

    private long failingSync = Long.MAX_VALUE;

    private Runnable whenCut = () -> {};

    private Predicate<Call> failing = call -> true;

    private Runnable whenSyncFailed = () -> {};

    private volatile boolean isOff;

    /** A name that was given or taken away; and the other name that it had until then, since a move is one step. */
    private record Change(
            long time,
            Path path,
            @Nullable Object node,
            @Nullable Path before) {

        boolean isIn(Path directory) {
            return directory.equals(path.getParent()) || (before != null && directory.equals(before.getParent()));
        }

        void apply(Map<Path, Object> target) {
            if (node == null) {
                target.remove(path);
            } else {
                target.put(path, node);
            }
            if (before != null) {
                target.remove(before);
            }
        }
    }

    /** All that is below the directory now is on disk. */
    public PowerLoss(Path root) throws IOException {
        this.root = root;
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.toList()) {
                Object node = Files.isDirectory(path) ? new Object() : UnsyncedFile.durable(Files.readAllBytes(path));
                names.put(path, node);
                durableNames.put(path, node);
            }
        }
    }

    /** The same of another directory, to which the system has moved on. */
    private PowerLoss(PowerLoss before, Path root) {
        this.root = root;
        this.time = before.time;
        before.names.forEach((path, node) -> names.put(before.moved(path, root), node));
        before.durableNames.forEach((path, node) -> durableNames.put(before.moved(path, root), node));
        for (Change change : before.changes) {
            Path earlier = change.before() == null ? null : before.moved(change.before(), root);
            changes.add(new Change(change.time(), before.moved(change.path(), root), change.node(), earlier));
        }
    }

    private Path moved(Path path, Path target) {
        return target.resolve(root.relativize(path));
    }

    /** Power goes off after so many more calls, and something runs at this moment. */
    public synchronized void cutAfter(long calls, Runnable action) {
        cutAt = time + calls;
        whenCut = action;
    }

    /** The nth sync from now on fails, and what was to be synced gets lost if power does; counts from 1. */
    public void failSync(long nth) {
        failSync(nth, call -> true, () -> {});
    }

    /** The same of some syncs, and something runs when it has failed. */
    public synchronized void failSync(long nth, Predicate<Call> which, Runnable action) {
        failingSync = nth;
        failing = which;
        whenSyncFailed = action;
    }

    /** Whether power is off; then every call fails. */
    public boolean isOff() {
        return isOff;
    }

    /** Runs something unless power is off; it does not go off meanwhile. */
    public synchronized void whileOn(Runnable action) {
        if (!isOff) {
            action.run();
        }
    }

    /** Power goes off now. */
    public synchronized void cut() {
        if (!isOff) {
            isOff = true;
            whenCut.run();
        }
    }

    @Override
    public synchronized void before(Call call) throws IOException {
        if (++time > cutAt) {
            cut();
        }
        if (isOff) {
            throw new IOException("Power is off");
        }
        if (call.operation() == Operation.CREATE) {
            existed.set(names.containsKey(call.path()));
        } else if (call.operation() == Operation.FORCE) {
            syncFrom.set(time);
            if (failing.test(call) && --failingSync == 0) {
                if (names.get(call.path()) instanceof UnsyncedFile file) {
                    file.doom();
                }
                whenSyncFailed.run();
                throw new IOException("Input/output error");
            }
        }
    }

    @Override
    public synchronized void after(Call call) throws IOException {
        if (isOff || !call.path().startsWith(root)) {
            return;
        }
        Path path = call.path();
        switch (call.operation()) {
            case CREATE -> {
                if (!existed.get()) {
                    name(path, new UnsyncedFile(), null);
                }
                look(path, 0, 0);
            }
            case CREATE_DIRECTORY -> name(path, new Object(), null);
            case WRITE -> look(path, call.position(), call.length());
            case TRUNCATE -> look(path, 0, 0);
            case FORCE -> sync(path);
            case DELETE -> name(path, null, null);
            case MOVE, LINK -> rename(path, Objects.requireNonNull(call.target()), call.operation());
            default -> {}
        }
    }

    private void name(Path path, @Nullable Object node, @Nullable Path before) {
        Change change = new Change(time, path, node, before);
        changes.add(change);
        change.apply(names);
    }

    private void rename(Path source, Path target, Operation operation) {
        Object node = names.get(source);
        if (node != null) {
            name(target, node, operation == Operation.MOVE ? source : null);
        }
    }

    /** Takes note of what a part of a file holds now, and of its length. */
    private void look(Path path, long position, int length) throws IOException {
        if (!(names.get(path) instanceof UnsyncedFile file) || !Files.exists(path)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path)) {
            file.resize(channel.size(), time);
            long end = Math.min(position + length, channel.size());
            for (int sector = (int) (position / UnsyncedFile.SECTOR);
                    (long) sector * UnsyncedFile.SECTOR < end;
                    sector++) {
                ByteBuffer content = ByteBuffer.allocate(UnsyncedFile.SECTOR);
                channel.read(content, (long) sector * UnsyncedFile.SECTOR);
                file.write(sector, content.array(), time);
            }
        }
    }

    private void sync(Path path) {
        if (names.get(path) instanceof UnsyncedFile file) {
            file.sync(syncFrom.get());
            return;
        }
        List<Change> synced = changes.stream()
                .filter(change -> change.isIn(path) && change.time() <= syncFrom.get())
                .toList();
        synced.forEach(change -> change.apply(durableNames));
        changes.removeAll(synced);
    }

    /** Writes what may have survived to another directory. */
    public synchronized void restore(Path target, Random random) throws IOException {
        Loss loss = Loss.any(random);
        Map<Path, Object> survivors = new TreeMap<>(durableNames);
        changes.stream().filter(change -> loss.keepsChange(random)).forEach(change -> change.apply(survivors));
        write(survivors, target, random, loss);
    }

    /**
     * Writes all there is to another directory, and watches that one: only the process has ended, and the system knows what it has
     * written, but has not synced it.
     */
    public synchronized PowerLoss moveOn(Path target) throws IOException {
        write(new TreeMap<>(names), target, new Random(0), Loss.nothing());
        return new PowerLoss(this, target);
    }

    private void write(Map<Path, Object> nodes, Path target, Random random, Loss loss) throws IOException {
        Map<Object, byte[]> contents = new IdentityHashMap<>();
        for (Map.Entry<Path, Object> entry : nodes.entrySet()) {
            Path path = moved(entry.getKey(), target);
            if (!Files.isDirectory(Objects.requireNonNull(path.getParent()))) {
                continue;
            }
            if (entry.getValue() instanceof UnsyncedFile file) {
                Files.write(path, contents.computeIfAbsent(file, any -> file.survivor(random, loss)));
            } else if (!Files.exists(path)) {
                Files.createDirectory(path);
            }
        }
    }
}
