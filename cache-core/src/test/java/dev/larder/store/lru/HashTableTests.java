package dev.larder.store.lru;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Entry;
import dev.larder.store.contract.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HashTableTests {

    private static Node<Integer, String> node(int key) {
        return new Node<>(key, HashTable.hash(key), Entry.of("value"));
    }

    private static Node<Integer, String> find(HashTable<Integer, String> table, int key) {
        return table.find(key, HashTable.hash(key));
    }

    @Test
    void findsWhatWasInsertedThroughoutGrowth() {
        HashTable<Integer, String> table = new HashTable<>();
        List<Node<Integer, String>> nodes = new ArrayList<>();
        for (int key = 0; key < 5000; key++) {
            Node<Integer, String> node = node(key * 31);
            nodes.add(node);
            table.insert(node, nodes.size());
            if (Integer.bitCount(key) == 1) {
                nodes.forEach(inserted -> assertThat(find(table, inserted.key)).isSameAs(inserted));
            }
        }
        assertThat(table.slots()).hasSizeBetween(10_000, 20_000);
    }

    @Test
    void removedNodeIsNotFoundAndOthersOfItsChainAre() {
        HashTable<Integer, String> table = new HashTable<>();
        List<Node<Integer, String>> chain = List.of(node(0), node(16), node(32), node(48), node(64));
        for (int i = 0; i < chain.size(); i++) {
            table.insert(chain.get(i), i + 1);
        }
        for (int i = 0; i < chain.size(); i++) {
            table.remove(chain.get(i));
            assertThat(find(table, chain.get(i).key)).isNull();
            for (Node<Integer, String> rest : chain.subList(i + 1, chain.size())) {
                assertThat(find(table, rest.key)).isSameAs(rest);
            }
        }
    }

    @Test
    void readerThatStandsOnARemovedNodeReachesTheRestOfItsChain() {
        HashTable<Integer, String> table = new HashTable<>();
        List<Node<Integer, String>> chain = List.of(node(0), node(16), node(32));
        for (int i = 0; i < chain.size(); i++) {
            table.insert(chain.get(i), i + 1);
        }
        Node<Integer, String> standing = HashTable.slot(table.slots(), 0);
        List<Integer> expected = new ArrayList<>();
        for (Node<Integer, String> node = standing; node != null; node = node.next()) {
            expected.add(node.key);
        }
        table.remove(standing);
        List<Integer> reached = new ArrayList<>();
        for (Node<Integer, String> node = standing; node != null; node = node.next()) {
            reached.add(node.key);
        }
        assertThat(reached).isEqualTo(expected);
    }

    /** All keys are in one chain, which the ninth insertion cuts in two while readers are on it. */
    @Test
    void readersAreNotLedAstrayByGrowth() {
        AtomicReference<HashTable<Integer, String>> current = new AtomicReference<>(chainOfEight());
        AtomicReference<HashTable<Integer, String>> read = new AtomicReference<>(current.get());
        AtomicInteger lost = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Threads.run(2, thread -> {
            for (int round = 0; thread == 0 && round < 30_000; round++) {
                HashTable<Integer, String> table = chainOfEight();
                current.set(table);
                while (read.get() != table) {
                    Thread.onSpinWait();
                }
                for (int i = 0; i < round % 50; i++) {
                    Thread.onSpinWait();
                }
                table.insert(node(8 * 16), 9);
            }
            while (thread == 1 && !done.get()) {
                HashTable<Integer, String> table = current.get();
                read.set(table);
                for (int i = 0; i < 100 && current.get() == table; i++) {
                    for (int key = 1; key < 8; key += 2) {
                        if (find(table, key * 16) == null) {
                            lost.incrementAndGet();
                        }
                    }
                }
            }
            if (thread == 0) {
                done.set(true);
            }
        });
        assertThat(lost).hasValue(0);
    }

    private static HashTable<Integer, String> chainOfEight() {
        HashTable<Integer, String> table = new HashTable<>();
        for (int key = 0; key < 8; key++) {
            table.insert(node(key * 16), key + 1);
        }
        return table;
    }
}
