package dev.larder.autoconfigure;

import dev.larder.store.log.Durability;
import dev.larder.store.log.OnLocked;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks the settings of one cache of type sharded. */
final class ShardedCheck {

    /** Not fewer: as many threads should write at once as small machines have. Not more: each has a file in reserve. */
    private static final int DEFAULT_SHARDS = 4;

    private static final int MAX_SHARDS = 256;

    /** What a shard should have of {@code max-size} at least: room for 16 of the smallest files that are chosen by themselves. */
    private static final long SHARE = 16L << 20;

    private static final DataSize MIN_SEGMENT = DataSize.ofKilobytes(64);

    private static final DataSize MAX_SEGMENT = DataSize.ofGigabytes(1);

    /** As many as a shard needs to be able to drop the oldest while the youngest is written. */
    private static final int MIN_SEGMENTS = 4;

    private final DiskCheck disk;

    ShardedCheck(DiskCheck disk) {
        this.disk = disk;
    }

    ShardedSpec check(String key, LarderProperties.Cache settings, long maxBytes) {
        if (settings.maxEntries() != null) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-entries",
                    settings.maxEntries(),
                    "it does not apply to a cache of type sharded, which is bounded by its bytes",
                    "Remove it, or set %s.type to disk.".formatted(key));
        }
        checkRange(key + ".shards", settings.shards(), MAX_SHARDS);
        checkRange(key + ".max-open", settings.maxOpen(), Integer.MAX_VALUE);
        DiskCheck.checkPositive(key + ".lock-wait", settings.lockWait(), "10s");
        checkMinFree(key, settings.minFree());
        if (settings.lockWait() != null && settings.onLocked() != null && settings.onLocked() != OnLocked.WAIT) {
            throw new InvalidLarderConfigurationException(
                    key + ".lock-wait",
                    settings.lockWait(),
                    "nobody waits",
                    "Remove it, or set %s.on-locked to wait.".formatted(key));
        }
        int shards = settings.shards() == null
                ? (int) Math.max(1, Math.min(DEFAULT_SHARDS, maxBytes / SHARE))
                : settings.shards();
        checkRoom(key, settings.maxSize(), maxBytes, shards);
        checkSegment(key, settings.segmentSize(), maxBytes, shards);
        return new ShardedSpec(
                shards,
                settings.segmentSize() == null ? null : settings.segmentSize().toBytes(),
                settings.durability() == null ? Durability.PROCESS : settings.durability(),
                disk.checkEncrypted(key, settings.encrypted(), false),
                settings.onLocked() == null ? OnLocked.WAIT : settings.onLocked(),
                settings.lockWait(),
                settings.minFree() == null ? 0 : settings.minFree().toBytes(),
                settings.maxOpen(),
                Boolean.TRUE.equals(settings.openAtStart()),
                Boolean.TRUE.equals(settings.allowNetwork()));
    }

    private static void checkRange(String key, @Nullable Integer value, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw new InvalidLarderConfigurationException(
                    key,
                    value,
                    most == Integer.MAX_VALUE ? "it must be 1 or more" : "it must be from 1 to %d".formatted(most),
                    "Give such a number, or leave it out.");
        }
    }

    private static void checkMinFree(String key, @Nullable DataSize minFree) {
        if (minFree != null && minFree.isNegative()) {
            throw new InvalidLarderConfigurationException(
                    key + ".min-free",
                    minFree,
                    "no disk has less than nothing left",
                    "Give a size, such as 1GB, or leave it out.");
        }
    }

    private static void checkRoom(String key, @Nullable DataSize maxSize, long maxBytes, int shards) {
        long least = MIN_SEGMENTS * MIN_SEGMENT.toBytes();
        if (maxBytes / shards < least) {
            throw new InvalidLarderConfigurationException(
                    key + ".max-size",
                    String.valueOf(maxSize),
                    "it has no room for %d files of %dKB in each of %d shards"
                            .formatted(MIN_SEGMENTS, MIN_SEGMENT.toKilobytes(), shards),
                    "Raise it to %dKB or more, or lower %s.shards.".formatted(shards * least / 1024, key));
        }
    }

    private static void checkSegment(String key, @Nullable DataSize segment, long maxBytes, int shards) {
        if (segment == null) {
            return;
        }
        if (segment.compareTo(MIN_SEGMENT) < 0 || segment.compareTo(MAX_SEGMENT) > 0) {
            throw new InvalidLarderConfigurationException(
                    key + ".segment-size",
                    segment,
                    "it must be from 64KB to 1GB",
                    "Give such a size, or leave it out to have it derived from max-size.");
        }
        if (segment.toBytes() > maxBytes / shards / MIN_SEGMENTS) {
            throw new InvalidLarderConfigurationException(
                    key + ".segment-size",
                    segment,
                    "each of %d shards has room for fewer than %d files of it".formatted(shards, MIN_SEGMENTS),
                    "Make it smaller, raise %s.max-size, or lower %s.shards.".formatted(key, key));
        }
    }
}
