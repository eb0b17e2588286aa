package dev.larder.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** All stores on disk that are compared, by the name they have on the command line and in the tables. */
enum PersistentContestants {
    LARDER("a checksum and the whole key compared at each read, bounded by bytes, life times"),
    LARDER_CACHE("the same behind Spring's interface, with codecs"),
    CHRONICLE_MAP("fixed size, no eviction, values not checked when read"),
    LMDB("fixed size, no eviction, one writer at a time, no checksum, not synced"),
    ROCKSDB("native code, no eviction, amplifies writes; checksums; not synced"),
    H2_MVSTORE("no eviction; loses up to the last second when it is killed"),
    MAPDB("bounded by entries; does not open after it was killed"),
    EHCACHE("bounded by bytes; empty after it was killed"),
    SQLITE("native code, no eviction, one writer at a time, no checksum; not synced"),
    FILES("one file for each entry: no eviction, no checksum"),
    /** The limit of a log: what a call of the system for each write takes, and reading from maps. */
    BARE_LOG("the limit of a log: compares no keys, checks nothing, forgets all when it is closed"),
    /** The limit: what a file in memory takes with a hash table beside it. */
    MAPPED_FILE("the limit: compares no keys, checks nothing, may mix up values, forgets all when it is closed");

    private final String terms;

    PersistentContestants(String terms) {
        this.terms = terms;
    }

    /** What a reader of the table has to know of it. */
    String terms() {
        return terms;
    }

    boolean isPersistent() {
        return this != BARE_LOG && this != MAPPED_FILE;
    }

    /** Whether it evicts by itself what there is no room for. */
    boolean boundsItself() {
        return switch (this) {
            case LARDER, LARDER_CACHE, MAPDB, EHCACHE -> true;
            default -> false;
        };
    }

    /** Opens what is in a directory, which is made if it does not exist. */
    PersistentContestant open(Path directory, Room room) throws IOException {
        Files.createDirectories(directory);
        return switch (this) {
            case LARDER -> new LarderLog(directory, room);
            case LARDER_CACHE -> new LarderCacheLog(directory, room);
            case CHRONICLE_MAP -> new ChronicleMapContestant(directory, room);
            case LMDB -> new LmdbContestant(directory, room);
            case ROCKSDB -> new RocksDbContestant(directory);
            case H2_MVSTORE -> new MvStoreContestant(directory);
            case MAPDB -> new MapDbContestant(directory, room);
            case EHCACHE -> new EhcacheContestant(directory, room);
            case SQLITE -> new SqliteContestant(directory);
            case FILES -> new BareFiles(directory);
            case BARE_LOG -> new BareLog(directory, room);
            case MAPPED_FILE -> new MappedFile(directory, room);
        };
    }
}
