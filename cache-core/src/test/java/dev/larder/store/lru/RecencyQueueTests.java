package dev.larder.store.lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.larder.store.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the queue with a list that is searched from one end to the other. */
class RecencyQueueTests {

    private final RecencyQueue<Integer, String> queue = new RecencyQueue<>();

    /** What is in the queue, in the order in which it came. */
    private final List<Node<Integer, String>> model = new ArrayList<>();

    private long lastUse;

    private int keys;

    private void arrive() {
        write(new Node<>(keys, keys++, Entry.of("value")), lastUse + 1);
    }

    /** Also a node that is in the queue already. */
    private void write(Node<Integer, String> node, long number) {
        model.remove(node);
        model.add(node);
        queue.add(node, number);
        queue.tidy(model.size());
    }

    private void use(Node<Integer, String> node) {
        lastUse += 2;
        node.used(lastUse);
    }

    private void remove(Node<Integer, String> node) {
        model.remove(node);
        node.retire();
        queue.tidy(model.size());
    }

    private void poll() {
        Node<Integer, String> expected =
                model.stream().min(Comparator.comparingLong(Node::used)).orElseThrow();
        Node<Integer, String> polled = queue.poll();
        assertThat(polled.key).as("used at %d", polled.used()).isEqualTo(expected.key);
        model.remove(expected);
    }

    private void pollAll() {
        while (!model.isEmpty()) {
            poll();
        }
        assertThatIllegalStateException().isThrownBy(queue::poll);
    }

    @Test
    void arrivalsLeaveInTheirOrder() {
        for (int i = 0; i < 1000; i++) {
            arrive();
            if (i % 64 == 0) {
                lastUse += 2;
            }
        }
        pollAll();
        arrive();
        pollAll();
    }

    @Test
    void arrivalsThatWereUsedLeaveByTheirUse() {
        for (int i = 0; i < 1000; i++) {
            arrive();
        }
        List<Node<Integer, String>> nodes = List.copyOf(model);
        for (int i = 0; i < 1000; i += 3) {
            use(nodes.get(i * 7 % 1000));
        }
        pollAll();
    }

    /** The heap may already be sorted up to later uses when an arrival comes over to it. */
    @Test
    void arrivalThatWasUsedLongAgoIsNotTakenForOneOfToday() {
        arrive();
        arrive();
        use(model.get(0));
        for (int i = 0; i < 400; i++) {
            arrive();
            if (i % 10 == 0) {
                lastUse += 2;
            }
        }
        use(model.get(300));
        use(model.get(1));
        use(model.get(200));
        use(model.get(350));
        use(model.get(0));
        pollAll();
    }

    @Test
    void arrivalUsedWhileItIsTheFirstStays() {
        for (int i = 0; i < 10; i++) {
            arrive();
        }
        poll();
        use(model.get(0));
        poll();
        assertThat(model).hasSize(8);
        pollAll();
    }

    @Test
    void removedArrivalsAreNotPolled() {
        for (int i = 0; i < 600; i++) {
            arrive();
        }
        List<Node<Integer, String>> nodes = List.copyOf(model);
        for (int i = 0; i < 250; i++) {
            remove(nodes.get(i * 2));
        }
        pollAll();
    }

    @Test
    void mostRemovedNodesAreDroppedAndTheOthersKeepTheirOrder() {
        for (int i = 0; i < 2000; i++) {
            arrive();
        }
        List<Node<Integer, String>> nodes = List.copyOf(model);
        for (int i = 0; i < 2000; i += 5) {
            use(nodes.get(i * 3 % 2000));
        }
        for (int i = 0; i < 300; i++) {
            poll();
        }
        for (Node<Integer, String> node : nodes) {
            if (model.contains(node) && node.key % 7 > 0) {
                remove(node);
            }
        }
        for (int i = 0; i < 100; i++) {
            arrive();
        }
        pollAll();
    }

    @Test
    void writtenAgainLeavesByItsLastWrite() {
        for (int i = 0; i < 1000; i++) {
            arrive();
        }
        List<Node<Integer, String>> nodes = List.copyOf(model);
        for (int i = 0; i < 300; i++) {
            write(nodes.get(i * 7 % 500), lastUse + 1);
        }
        pollAll();
    }

    /** It is in the list, in the heap, and in the list again. */
    @Test
    void writtenAgainAfterAUseLeavesByItsLastWrite() {
        for (int i = 0; i < 20; i++) {
            arrive();
        }
        Node<Integer, String> node = model.get(0);
        for (int round = 0; round < 3; round++) {
            use(node);
            poll();
            write(node, lastUse + 1);
            use(model.get(0));
            poll();
        }
        pollAll();
    }

    /** More often than it may have places; then it counts as used, which must not bring it before those written earlier. */
    @Test
    void writtenAgainAndAgainLeavesByItsLastWrite() {
        for (int i = 0; i < 400; i++) {
            arrive();
        }
        Node<Integer, String> node = model.get(0);
        for (int i = 0; i < 300; i++) {
            lastUse += 2;
            write(node, lastUse + 1);
        }
        lastUse += 2;
        arrive();
        pollAll();
    }

    /** The order of writes is that of the list, whatever numbers their threads have. */
    @Test
    void lateWriteIsTheLast() {
        lastUse = 100;
        arrive();
        Node<Integer, String> late = new Node<>(keys, keys++, Entry.of("value"));
        write(late, 51);
        arrive();
        poll();
        assertThat(queue.poll()).isSameAs(late);
    }

    @Test
    void nothingIsLeftAfterAClear() {
        for (int i = 0; i < 500; i++) {
            arrive();
        }
        use(model.get(3));
        poll();
        model.clear();
        queue.clear();
        assertThatIllegalStateException().isThrownBy(queue::poll);
        arrive();
        pollAll();
    }

    @Test
    void orderIsExactForAnyMixture() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int uses = 1 + random.nextInt(20);
            int full = 1 << random.nextInt(12);
            for (int step = 0; step < 6000; step++) {
                int choice = random.nextInt(20 + uses);
                if (model.isEmpty() || choice < 12) {
                    arrive();
                } else if (choice < 14) {
                    lastUse += 2L * random.nextInt(100);
                } else if (choice == 15 || choice == 17) {
                    write(model.get(random.nextInt(model.size())), lastUse + 1);
                } else if (choice == 16) {
                    remove(model.get(random.nextInt(model.size())));
                } else if (choice >= 20) {
                    use(model.get(random.nextInt(model.size())));
                }
                if (model.size() > full) {
                    poll();
                }
            }
            pollAll();
        }
    }
}
