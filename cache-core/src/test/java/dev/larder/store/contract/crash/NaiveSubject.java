package dev.larder.store.contract.crash;

import dev.larder.store.Store;
import dev.larder.store.contract.crash.Point.Doing;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Call.Operation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A {@link NaiveLog} with the flaws that its name tells. */
public final class NaiveSubject implements Subject {

    private final Set<Flaw> flaws;

    /** Names of flaws with commas between them. */
    public NaiveSubject(String flaws) {
        this.flaws = Arrays.stream(flaws.split(","))
                .filter(name -> !name.isEmpty())
                .map(Flaw::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    NaiveSubject(Flaw... flaws) {
        this.flaws = Set.of(flaws);
    }

    @Override
    public Store<String, byte[]> open(Path directory, Settings settings) {
        return new NaiveLog(directory, settings, flaws);
    }

    @Override
    public List<Point> points() {
        return List.of(
                Point.of("write", Call.of(Operation.WRITE), 2000),
                Point.of("replace", Call.of(Operation.MOVE), 10),
                new Point("clear", Call.any(), Set.of(Doing.CLEARING), 10),
                new Point("open", Call.any(), Set.of(Doing.OPENING), 8));
    }
}
