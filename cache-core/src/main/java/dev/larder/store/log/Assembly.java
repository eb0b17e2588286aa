package dev.larder.store.log;

import dev.larder.store.Failures;
import dev.larder.store.StoreCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Puts shards together, each in a directory of its own, from what a builder says. */
final class Assembly {

    private static final int MIB = 1 << 20;

    private static final int MIN_SEGMENT = 1 << 16;

    /** The largest segment unless it is configured: dropping one should take milliseconds. */
    private static final int MAX_SEGMENT = 64 * MIB;

    /** Segments that the share of a shard is divided into: dropping one of 32 costs little. */
    private static final int SEGMENTS = 32;

    /** The least number of segments: the one that is written, one in reserve, and two that hold something. */
    private static final int LEAST_SEGMENTS = 4;

    private final LogStore.Builder builder;

    private final Failures failures;

    private final Readers readers;

    private final Settings settings;

    Assembly(LogStore.Builder builder, Failures failures) {
        this.builder = builder;
        this.failures = failures;
        this.readers = new Readers(builder.maxOpen, failures);
        long share = builder.maxSize == Long.MAX_VALUE ? Long.MAX_VALUE / 4 : builder.maxSize / builder.shards;
        long segmentSize =
                builder.segmentSize == 0 ? segmentSize(share) : builder.segmentSize / Long.BYTES * Long.BYTES;
        if (share < LEAST_SEGMENTS * segmentSize) {
            throw new IllegalArgumentException(
                    "maxSize %d has no room for %d segments of %d bytes in each of %d shards: raise it, or lower segmentSize or shards"
                            .formatted(builder.maxSize, LEAST_SEGMENTS, segmentSize, builder.shards));
        }
        this.settings = new Settings(
                segmentSize, share, builder.minFree, builder.durability, layout(builder), Boot.id(builder.bootId));
    }

    /** A 32nd of the share, as far as that is neither tiny nor huge. */
    private static long segmentSize(long share) {
        long even = share / SEGMENTS;
        if (even < MIB) {
            return Math.max(MIN_SEGMENT, Math.min(MIB, share / (SEGMENTS / 2) / Long.BYTES * Long.BYTES));
        }
        return Math.min(MAX_SEGMENT, even / Long.BYTES * Long.BYTES);
    }

    private static int layout(LogStore.Builder builder) {
        CRC32C checksum = new CRC32C();
        checksum.update(
                (builder.shards + ":" + builder.hashBits + ":" + builder.codec).getBytes(StandardCharsets.UTF_8));
        return (int) checksum.getValue();
    }

    Shard open(Path directory) throws IOException {
        long began = System.nanoTime();
        ShardDirectory.makeWay(directory);
        @Nullable State before = read(directory);
        State state = before != null && before.layout() == settings.layout() ? before : newState();
        Index index = new Index();
        StoreCounts counts = new StoreCounts();
        Recovery recovery = new Recovery(directory, state, settings.boot(), failures);
        recovery.look();
        State next = state.goOnBehind(recovery.lastNumber());
        Log log = new Log(directory, next, settings, readers, builder.clock, failures);
        LargeFiles large = new LargeFiles(ShardDirectory.large(directory), state.store());
        Remains remains = new Remains(log);
        Books books = new Books(index, log, large, remains, counts, failures);
        recovery.adopt(log, index, large, remains, readers, Math.max(state.time(), builder.clock.millis()));
        return assemble(index, log, large, books, remains, counts, began);
    }

    /** The state of a log; null if there is none that can be read, and the log starts empty. */
    private @Nullable State read(Path directory) {
        try {
            return State.read(directory);
        } catch (IOException ex) {
            failures.report("recover", ex);
            return null;
        }
    }

    private Shard assemble(
            Index index, Log log, LargeFiles large, Books books, Remains remains, StoreCounts counts, long began) {
        InstantSource clock = builder.clock;
        Wake wake = new Wake();
        Ghosts ghosts = new Ghosts();
        Eviction eviction = new Eviction(index, log, large, books, ghosts, clock, failures);
        Room room = new Room(index, log, large, books, eviction, clock, failures, wake);
        Syncer syncer = new Syncer(log, large, room, failures);
        Reads reads = new Reads(index, log, large, failures);
        Changes changes = new Changes(log, room, syncer, failures);
        Removals removals =
                new Removals(index, log, large, reads, books, room, remains, counts, clock, failures, changes);
        Staging staging = new Staging(log, large, room, syncer, failures);
        Puts puts = new Puts(index, log, staging, reads, books, remains, ghosts, counts, clock, changes, removals);
        Touches touches = new Touches(index, log, large, reads, books, counts, clock, changes, removals);
        Writes writes = new Writes(changes, puts, touches, removals);
        Upkeep upkeep = new Upkeep(index, log, large, room, books, syncer, builder.scheduler, clock, failures);
        wake.upkeep = upkeep;
        upkeep.start();
        long recoveryMillis = (System.nanoTime() - began) / 1_000_000;
        Shard.Values values = new Shard.Values(builder.encryption, failures);
        return new Shard(
                index,
                log,
                large,
                reads,
                writes,
                room,
                ghosts,
                upkeep,
                counts,
                hash(log.store),
                values,
                clock,
                recoveryMillis);
    }

    private State newState() {
        return new State(
                new SecureRandom().nextLong(), 0, Log.STEP, 0, settings.boot(), 0, settings.layout(), List.of());
    }

    private KeyHash hash(long seed) {
        KeyHash hash = new SeededHash(seed);
        if (builder.hashBits >= Long.SIZE) {
            return hash;
        }
        long mask = (1L << builder.hashBits) - 1;
        return (bytes, from, length) -> hash.of(bytes, from, length) & mask;
    }

    /** Knows whom to wake when everybody is there. */
    private static final class Wake implements Runnable {

        private volatile @Nullable Upkeep upkeep;

        @Override
        public void run() {
            Upkeep known = upkeep;
            if (known != null) {
                known.run();
            }
        }
    }
}
