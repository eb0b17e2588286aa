package dev.larder.store.log;

import dev.larder.store.Store;
import dev.larder.store.contract.crash.Point;
import dev.larder.store.contract.crash.Point.Doing;
import dev.larder.store.contract.crash.Settings;
import dev.larder.store.contract.crash.Subject;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A {@link LogStore} in the crash lab. */
public final class LogSubject implements Subject {

    private static final Predicate<Call> SEGMENT = Call.about(".seg");

    private static final Set<Doing> BACKGROUND = Set.of(Doing.BACKGROUND);

    private final int hashBits;

    private final String bootId;

    /** How many bits of the hash of a key are used, 8 being enough to let keys collide, and a name for this run of the machine. */
    public LogSubject(int hashBits, String bootId) {
        this.hashBits = hashBits;
        this.bootId = bootId;
    }

    /** How many bits of the hash of a key are used: 8 lets keys collide, 64 does not. */
    public LogSubject(String hashBits) {
        this(Integer.parseInt(hashBits), "this run");
    }

    @Override
    public Store<String, byte[]> open(Path directory, Settings settings) {
        LogStore.Builder builder = LogStore.at(directory)
                .segmentSize(settings.segmentSize())
                .shards(settings.shards())
                .durability(Durability.valueOf(settings.sync().name()))
                .clock(settings.clock())
                .scheduler(settings.scheduler())
                .failures(settings.failures())
                .hashBits(hashBits)
                .bootId(bootId);
        return (settings.maxSize() == Settings.UNBOUNDED ? builder : builder.maxSize(settings.maxSize())).open();
    }

    /** It is over when a store is open. */
    @Override
    public void awaitRecovery(Store<String, byte[]> store) {}

    @Override
    public List<Point> points() {
        return List.of(
                Point.of("append", SEGMENT.and(Call.of(Operation.WRITE)), 3000),
                new Point("background write", SEGMENT.and(Call.of(Operation.WRITE)), BACKGROUND, 200),
                Point.of("seal", SEGMENT.and(Call.of(Operation.TRUNCATE)), 30),
                Point.of("new segment", SEGMENT.and(Call.of(Operation.CREATE)), 30),
                Point.of("drop", SEGMENT.and(Call.of(Operation.DELETE)), 30),
                Point.of("sync", Call.of(Operation.FORCE), 100),
                Point.of("state", Call.about("state"), 60),
                Point.of("large value", Call.about("large"), 100),
                new Point("clear", Call.any(), Set.of(Doing.CLEARING), 30),
                new Point("open", Call.any(), Set.of(Doing.OPENING), 60),
                new Point("background", Call.any(), BACKGROUND, 300),
                new Point("close", Call.any(), Set.of(Doing.CLOSING), 20));
    }
}
