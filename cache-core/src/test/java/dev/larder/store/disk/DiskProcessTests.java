package dev.larder.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.contract.JavaChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What several processes see that share a directory.
 *
 * <p>{@code -Dlarder.processes.factor=50} makes it go on for that much longer.
 */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class DiskProcessTests {

    private static final int FACTOR = Integer.getInteger("larder.processes.factor", 1);

    private static final int REGISTERS = 64;

    /** One of the processes does the background work, and has a lock for it. */
    private static final int THAT_OF_THE_SWEEP = 1;

    @TempDir
    private Path parent;

    private final List<JavaChild> children = new ArrayList<>();

    @AfterEach
    void end() {
        children.forEach(JavaChild::close);
    }

    /** Eight processes where it matters which of many wins; all shapes only when there is time for it. */
    static Stream<Arguments> groups() {
        return FACTOR == 1
                ? Stream.of(Arguments.of(Shape.FOLDER_FILES, 2), Arguments.of(Shape.HASHED_BYTES, 8))
                : Stream.of(Shape.values()).flatMap(shape -> Stream.of(Arguments.of(shape, 2), Arguments.of(shape, 8)));
    }

    private Path directory() {
        return parent.resolve("cache");
    }

    private void start(Shape shape, int count) throws IOException {
        start(shape, count, 1_000_000);
    }

    private void start(Shape shape, int count, int maxEntries) throws IOException {
        for (int i = 0; i < count; i++) {
            children.add(new JavaChild(
                    List.of(),
                    DiskChild.class,
                    shape.name(),
                    directory().toString(),
                    parent.resolve("registers").toString(),
                    String.valueOf(REGISTERS),
                    String.valueOf(i),
                    String.valueOf(count),
                    String.valueOf(maxEntries)));
        }
        for (JavaChild child : children) {
            assertThat(child.answer()).isEqualTo("ready");
        }
    }

    /** Lets all children do something at the same time, and gives what each of them says. */
    private List<String> all(String command) throws IOException {
        children.forEach(child -> child.tell(command));
        List<String> answers = new ArrayList<>();
        for (JavaChild child : children) {
            answers.add(result(child));
        }
        return answers;
    }

    private static String result(JavaChild child) throws IOException {
        String answer = child.answer();
        assertThat(answer).startsWith("done ");
        return answer.substring("done ".length());
    }

    private static List<Integer> numbers(List<String> answers) {
        return answers.stream()
                .flatMap(answer -> Stream.of(answer.split(",")))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toList());
    }

    @ParameterizedTest
    @MethodSource("groups")
    void everyReadIsWhatTheLastWritesLeft(Shape shape, int count) throws IOException {
        start(shape, count);
        assertThat(all("registers " + 2000 / count * FACTOR)).containsOnly("");
        Registers registers = new Registers(parent.resolve("registers"), REGISTERS);
        try (Store<String, String> store = shape.open(directory(), new Setup().maxEntries(1_000_000))) {
            for (int key = 0; key < REGISTERS; key++) {
                registers.check(store, key);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void oneProcessPopsEachEntryAndOnePutsIfAbsent(Shape shape, int count) throws IOException {
        int keys = 100 * FACTOR;
        start(shape, count);
        assertThat(numbers(all("absent " + keys))).isEqualTo(upTo(keys));
        try (Store<String, String> store = shape.open(directory(), new Setup().maxEntries(1_000_000))) {
            for (int key = 0; key < keys; key++) {
                store.put("pop " + key, Entry.of(Stamp.of("pop " + key, 1, 100)));
            }
            assertThat(numbers(all("pop " + keys))).isEqualTo(upTo(keys));
            for (int key = 0; key < keys; key++) {
                assertThat(store.get("pop " + key)).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void eachKeyIsLoadedByOneProcess(Shape shape, int count) throws IOException {
        int keys = 100 * FACTOR;
        start(shape, count);
        assertThat(numbers(all("load " + keys))).isEqualTo(upTo(keys));
        assertThat(Listing.files(directory().resolve("locks"))).hasSizeLessThanOrEqualTo(THAT_OF_THE_SWEEP);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void clearOfOneProcessHoldsForAllAndLosesNoLaterPut(Shape shape, int count) throws IOException {
        start(shape, count);
        JavaChild first = children.get(0);
        List<JavaChild> others = children.subList(1, count);
        for (int round = 0; round < 2 * FACTOR; round++) {
            all("put 20");
            for (JavaChild other : others) {
                other.tell("noise 100");
            }
            first.tell("clear");
            assertThat(result(first)).isEqualTo("true");
            first.tell("found 20");
            assertThat(result(first)).isEmpty();
            for (JavaChild other : others) {
                result(other);
            }
            assertThat(all("found 20")).containsOnly("");
            all("put 20");
            for (String found : all("found 20")) {
                assertThat(numbers(List.of(found))).isEqualTo(upTo(20));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void boundOfEntriesHoldsOverAllProcesses(Shape shape, int count) throws IOException {
        int bound = 100;
        int puts = 300 * FACTOR;
        start(shape, count, bound);
        for (String found : all("fill " + puts)) {
            // A process counts the files of others a second late at most: meanwhile its own last put is the newest it
            // knows.
            assertThat(numbers(List.of(found)).size()).isGreaterThan(puts / 2);
        }
        Setup setup = new Setup().maxEntries(bound);
        try (Store<String, String> store = shape.open(directory(), setup)) {
            setup.sweep();
            store.put("last", Entry.of("value"));
            assertThat(store.get("last")).isEqualTo("value");
            assertThat(Listing.files(directory().resolve("entries")).size())
                    .isBetween(1, bound * shape.filesPerEntry());
            assertThat(store.size()).isLessThanOrEqualTo(bound);
        }
    }
}
