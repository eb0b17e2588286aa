package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.ShardedStore;
import dev.larder.store.Store;
import dev.larder.store.UnusableDirectoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory that this process has open: one for all stores that were opened for it, and closed with the last of them.
 *
 * <pre>
 * lock                 who has the directory                  {@link Owner}
 * shard-I-OF-N/        one log                                {@link Log}
 *   state              what it consists of                    {@link State}
 *   segments/NUMBER.seg    its records                        {@link SegmentHeader}, {@link RecordFormat}, {@link Records}
 *   large/NUMBER-OFFSET.val    values that are too large      {@link LargeFormat}
 * private/             directories of processes that came when it was taken
 * </pre>
 *
 * <p>Thread-safe.
 */
final class Shared {

    /** What locks, maps or both may not work on as they should, in the kernel or below {@code fuse}. */
    private static final List<String> NETWORK =
            List.of("nfs", "cifs", "smb", "afs", "9p", "sshfs", "gluster", "ceph", "lustre", "webdav", "davfs");

    private static final String PRIVATE = "private";

    /** How often a private directory is made: it may be taken for one that is left over before it is locked, but not each time. */
    private static final int ATTEMPTS = 10;

    /** By the directory that was asked for. */
    private static final Map<Path, Shared> open = new HashMap<>();

    private static final AtomicLong privates = new AtomicLong();

    private final Path directory;

    private final boolean isPrivate;

    private final Owner owner;

    private final Store<String, byte[]> store;

    private final List<Shard> shards = new CopyOnWriteArrayList<>();

    private int users = 1;

    private Shared(Path directory, boolean isPrivate, Owner owner, LogStore.Builder builder, Failures failures)
            throws IOException {
        this.directory = directory;
        this.isPrivate = isPrivate;
        this.owner = owner;
        Assembly assembly = new Assembly(builder, failures);
        emptyOthers(builder.shards);
        this.store = builder.shards == 1 ? openShard(assembly, 0, 1) : openShards(assembly, builder, failures);
    }

    private Store<String, byte[]> openShards(Assembly assembly, LogStore.Builder builder, Failures failures) {
        ShardedStore<String, byte[]> sharded = ShardedStore.of(
                builder.shards,
                i -> openShardUnchecked(assembly, i, builder.shards),
                i -> discardShard(i, builder.shards),
                failures,
                builder.clock);
        if (builder.openAtOnce) {
            try {
                sharded.open();
            } catch (RuntimeException ex) {
                sharded.close();
                throw ex;
            }
        }
        return sharded;
    }

    /** The open directory that a builder names. */
    static Shared open(LogStore.Builder builder) throws IOException {
        Failures failures =
                builder.failures != null ? builder.failures : new Failures(builder.directory.toString(), builder.clock);
        Directories.create(builder.directory);
        Path real = builder.directory.toRealPath();
        synchronized (open) {
            Shared known = open.get(real);
            if (known != null) {
                known.users++;
                return known;
            }
            refuseNetwork(builder);
            Shared opened = open(builder, real, failures);
            open.put(real, opened);
            return opened;
        }
    }

    /** Whether a store of this process has the directory open. */
    static boolean isOpenHere(Path directory) throws IOException {
        Path real = directory.toRealPath();
        synchronized (open) {
            return open.values().stream().anyMatch(shared -> shared.directory.equals(real));
        }
    }

    private static void refuseNetwork(LogStore.Builder builder) {
        if (builder.allowNetwork) {
            return;
        }
        String type;
        try {
            FileStore files = Files.getFileStore(builder.directory);
            type = files.type().toLowerCase(Locale.ROOT);
        } catch (IOException | UnsupportedOperationException ex) {
            return;
        }
        for (String network : NETWORK) {
            if (type.startsWith(network) || type.startsWith("fuse." + network)) {
                throw new UnusableDirectoryException(
                        builder.directory,
                        "it is on a network file system (%s), whose locks and maps may fail".formatted(type),
                        "Configure a local directory, use type 'disk', or allow it if you are sure.");
            }
        }
    }

    private static Shared open(LogStore.Builder builder, Path real, Failures failures) throws IOException {
        Duration wait = builder.onLocked == OnLocked.WAIT ? builder.lockWait : Duration.ZERO;
        Owner.makeWay(real);
        Owner owner = Owner.acquire(real, wait);
        Path parent = real.resolve(PRIVATE);
        deletePrivates(parent, failures);
        if (owner != null) {
            return open(builder, real, false, owner, failures);
        }
        if (builder.onLocked != OnLocked.PRIVATE) {
            throw new UnusableDirectoryException(
                    builder.directory,
                    "another process has it: " + Owner.holder(real),
                    "Stop that process, configure another directory, or let this one wait or use a private directory.");
        }
        Directories.makeWayForDirectory(parent);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Path own = parent.resolve(ProcessHandle.current().pid() + "-" + privates.incrementAndGet());
            Directories.create(own);
            Owner ofOwn = Owner.acquireNew(own);
            if (ofOwn != null) {
                return open(builder, own, true, ofOwn, failures);
            }
        }
        throw new IOException("Other processes delete each private directory that is made in '%s'".formatted(parent));
    }

    private static Shared open(
            LogStore.Builder builder, Path directory, boolean isPrivate, Owner owner, Failures failures)
            throws IOException {
        try {
            return new Shared(directory, isPrivate, owner, builder, failures);
        } catch (IOException | RuntimeException ex) {
            owner.close();
            throw ex;
        }
    }

    private Shard openShard(Assembly assembly, int number, int count) throws IOException {
        Shard shard = assembly.open(directory.resolve(shardName(number, count)));
        shards.add(shard);
        return shard;
    }

    private Shard openShardUnchecked(Assembly assembly, int number, int count) {
        try {
            return openShard(assembly, number, count);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** A log without a state is none. */
    private void discardShard(int number, int count) {
        Path shard = directory.resolve(shardName(number, count));
        try {
            State.delete(shard);
            Directories.force(shard);
        } catch (NoSuchFileException ex) {
            // Nothing is there.
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static String shardName(int number, int count) {
        return "shard-" + number + "-of-" + count;
    }

    /** Whether a directory of this name has a log. */
    static boolean isShard(String name) {
        return name.matches("shard-[0-9]{1,3}-of-[0-9]{1,3}");
    }

    /** Logs of another number of shards must not come back when that number does. */
    private void emptyOthers(int count) throws IOException {
        for (Path path : Directories.list(directory)) {
            String name = Directories.name(path);
            if (isShard(name) && !name.endsWith("-of-" + count)) {
                ShardDirectory.delete(path);
            }
        }
    }

    /** Deletes what processes left that had directories of their own and have ended. */
    private static void deletePrivates(Path parent, Failures failures) {
        try {
            for (Path path : Directories.list(parent)) {
                deleteUnowned(path, failures);
            }
        } catch (IOException ex) {
            failures.report("delete", ex);
        }
    }

    private static void deleteUnowned(Path directory, Failures failures) {
        try (Owner owner = Files.isDirectory(directory) ? Owner.acquire(directory, Duration.ZERO) : null) {
            if (owner != null) {
                deletePrivate(directory);
            }
        } catch (NoSuchFileException ex) {
            // Another process deletes it.
        } catch (IOException ex) {
            failures.report("delete", ex);
        }
    }

    private static void deletePrivate(Path directory) throws IOException {
        for (Path path : Directories.list(directory)) {
            if (Directories.name(path).startsWith("shard-")) {
                ShardDirectory.delete(path);
            }
        }
        Owner.delete(directory);
        Directories.deleteIfEmpty(directory);
    }

    Store<String, byte[]> store() {
        return store;
    }

    /** One of the stores that were opened is closed. */
    void release(Failures failures) {
        synchronized (open) {
            users--;
            if (users > 0) {
                return;
            }
            try (owner) {
                store.close();
                if (isPrivate) {
                    deletePrivate(directory);
                }
            } catch (IOException | RuntimeException ex) {
                failures.report("close", ex);
            } finally {
                open.values().remove(this);
            }
        }
    }

    LogStats logStats() {
        return shards.stream().map(Shard::logStats).reduce(LogStats.NONE, LogStats::plus);
    }
}
