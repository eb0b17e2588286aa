package dev.larder.store.log;

import dev.larder.store.StoredEntries;
import dev.larder.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a {@link LogStore}, to be looked at. Needs no settings of the store: not its codec, nor its keys for
 * encryption. Needs some 24 bytes of heap for each entry while it reads.
 */
public final class LogDirectory implements StoredEntries {

    private static final String LOCK = "lock";

    private final Path directory;

    private LogDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * The store in a directory.
     *
     * @return null if there is none
     * @throws IOException if it cannot be read
     */
    public static @Nullable LogDirectory at(Path directory) throws IOException {
        boolean isLog = Directories.list(directory).stream()
                .anyMatch(path -> Shared.isShard(Directories.name(path)) && Files.isDirectory(path));
        LogDirectory log = new LogDirectory(directory);
        return isLog || log.isOwned() ? log : null;
    }

    /** A store without a shard yet has the lock only, and other programs have files of that name too. */
    private boolean isOwned() throws IOException {
        return Files.isRegularFile(directory.resolve(LOCK))
                && (Shared.isOpenHere(directory) || Owner.holder(directory).startsWith("{\"larder\":"));
    }

    /** Now, because shards may be made at any time. */
    private List<FoundLog> logs() throws IOException {
        List<FoundLog> logs = new ArrayList<>();
        for (Path path : Directories.list(directory)) {
            if (Shared.isShard(Directories.name(path)) && Files.isDirectory(path)) {
                logs.add(new FoundLog(directory, path));
            }
        }
        return logs;
    }

    @Override
    public Map<String, String> describe() throws IOException {
        List<FoundLog> logs = logs();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("type", "sharded");
        facts.put("format version", "1");
        facts.put("shards", logs.size() + " in use");
        facts.put("in use by", owner());
        long segments = 0;
        long live = 0;
        long bytes = 0;
        for (FoundLog log : logs) {
            FoundLog.Sizes sizes = log.sizes();
            segments += sizes.segments();
            live += sizes.live();
            bytes += sizes.bytes();
        }
        facts.put("segments", Long.toString(segments));
        facts.put("bytes in files", Long.toString(bytes));
        facts.put("live bytes", Long.toString(live));
        facts.put("dead or free bytes", Long.toString(bytes - live));
        return facts;
    }

    private String owner() throws IOException {
        if (Shared.isOpenHere(directory)) {
            return "this process"; // which must not open its own lock
        }
        if (!Files.exists(directory.resolve(LOCK))) {
            return "nobody";
        }
        String holder = Owner.holder(directory);
        return (Owner.mayLive(holder) ? "" : "nobody; last by ") + Owner.shown(holder);
    }

    @Override
    public void read(boolean whole, Visitor visitor) throws IOException {
        for (FoundLog log : logs()) {
            log.read(whole, visitor);
        }
    }

    @Override
    public @Nullable StoredEntry find(String key) throws IOException {
        for (FoundLog log : logs()) {
            try {
                StoredEntry entry = log.find(key);
                if (entry != null) {
                    return entry;
                }
            } catch (DamagedFileException ex) {
                // It may be in another shard; for "verify" to tell of.
            }
        }
        return null;
    }
}
