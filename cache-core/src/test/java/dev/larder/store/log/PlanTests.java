package dev.larder.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Failures;
import dev.larder.store.contract.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has to become of records whose segments go together. */
class PlanTests {

    private final Readers readers = new Readers(16, new Failures("test", new ManualClock()));

    @TempDir
    private Path directory;

    @Test
    void tombstoneStaysAsLongAsThereIsAnOlderSegment() throws IOException {
        Source older = source(1);
        Source newer = source(2);
        List<Segment> all = List.of(older.segment, newer.segment);
        assertThat(plan(all, newer).hides(newer, 0)).isTrue();
        assertThat(plan(all, older).hides(older, 0)).isFalse();
        assertThat(plan(all, older, newer).hides(newer, 0)).isFalse();
    }

    @Test
    void planThatIsNotTakenChangesNoOther() throws IOException {
        Source older = source(1);
        Source newer = source(2);
        List<Segment> all = List.of(older.segment, newer.segment);
        Plan taken = plan(all, newer);
        plan(all, older, newer);
        assertThat(taken.hides(newer, 0)).isTrue();
    }

    private static Plan plan(List<Segment> all, Source... sources) {
        return new Plan(List.of(sources), all, new Index(), 0);
    }

    /** A segment with a tombstone. */
    private Source source(int number) throws IOException {
        Draft draft = Draft.create(directory, new SegmentHeader(1, number, 2, 3, 4, 0));
        draft.add(RecordFormat.tombstone(5));
        return Source.of(draft.finish(number, readers, false), 0, false);
    }
}
