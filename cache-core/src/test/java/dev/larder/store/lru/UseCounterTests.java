package dev.larder.store.lru;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.contract.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UseCounterTests {

    /** With so many entries a block has 32 numbers. */
    private static final long ENTRIES = 32 * 512L * UseCounter.STRIPES;

    private final UseCounter counter = new UseCounter();

    private final List<Worker> workers = new ArrayList<>();

    @AfterEach
    void endWorkers() throws InterruptedException {
        for (Worker worker : workers) {
            worker.end();
        }
    }

    @Test
    void numbersOfOneThreadRiseAndThoseOfInsertionsAreBetween() {
        Random random = new Random(1);
        long lastUse = 0;
        long last = 0;
        for (int step = 0; step < 100_000; step++) {
            if (random.nextInt(1000) == 0) {
                counter.adaptTo(random.nextBoolean() ? ENTRIES : 0);
            }
            boolean use = random.nextInt(3) > 0;
            long number = use ? counter.next() : counter.beforeNext();
            assertThat(number).isGreaterThan(lastUse).isGreaterThanOrEqualTo(last);
            assertThat(UseCounter.isUse(number)).isEqualTo(use);
            last = number;
            lastUse = use ? number : lastUse;
        }
    }

    @Test
    void numbersOfAThreadRiseWhenItInheritsAStripe() throws Exception {
        counter.adaptTo(ENTRIES);
        Worker owner = worker(0);
        owner.use(10);
        assertThat(owner.isOwner()).isTrue();
        Worker heir = worker(0);
        List<Long> numbers = new ArrayList<>(heir.use(100));
        assertThat(heir.isOwner()).isFalse();
        assertThat(owner.isOwner()).isTrue();
        owner.use(40);
        owner.end();
        numbers.addAll(heir.use(100));
        assertThat(heir.isOwner()).isTrue();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        assertThat(counter.count()).isEqualTo(250);
    }

    @Test
    void numbersRiseForThreadsThatTakeTurnsWhileTheBlockIsOne() throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < UseCounter.STRIPES + 3; i++) {
            worker(i);
        }
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            numbers.addAll(workers.get(random.nextInt(workers.size())).use(1 + random.nextInt(3)));
        }
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void orderIsExactAgainAsSoonAsTheBlockIsOneAgain() throws Exception {
        counter.adaptTo(ENTRIES);
        worker(0);
        worker(1);
        workers.get(0).use(5);
        workers.get(1).use(31);
        counter.adaptTo(0);
        List<Long> numbers = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            numbers.addAll(workers.get(round % 2).use(1));
        }
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    /** The worst that threads can do: leave old blocks about, and go on with them when others have used much. */
    @Test
    void usesWithManyOthersBetweenThemAreInOrder() throws Exception {
        counter.adaptTo(ENTRIES);
        for (int i = 0; i < Math.max(4, UseCounter.STRIPES); i++) {
            worker(i).use(33);
        }
        List<Long> numbers = new ArrayList<>();
        int last = workers.size() - 1;
        for (int burst : new int[] {1, 3, 31, 32, 64}) {
            for (int i = 0; i < last; i++) {
                numbers.addAll(workers.get(i).use(i == last - 1 ? burst : 3));
            }
            numbers.addAll(workers.get(last).use(1));
            for (int i = 0; i <= last; i++) {
                numbers.addAll(workers.get(i == last - 1 ? 0 : i).use(61));
            }
            numbers.addAll(workers.get(last - 1).use(1));
        }
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            numbers.addAll(workers.get(random.nextInt(workers.size())).use(1 + random.nextInt(70)));
        }
        long highest = 0;
        int between = (int) (ENTRIES / 256);
        for (int i = between + 1; i < numbers.size(); i++) {
            highest = Math.max(highest, numbers.get(i - between - 1));
            assertThat(numbers.get(i)).isGreaterThan(highest);
        }
    }

    @Test
    void countIsExactForMoreThreadsThanStripes() {
        for (long entries : new long[] {0, ENTRIES}) {
            UseCounter counted = new UseCounter();
            counted.adaptTo(entries);
            int threads = 3 * UseCounter.STRIPES + 1;
            Threads.run(threads, thread -> {
                for (int i = 0; i < 200_000; i++) {
                    counted.next();
                }
            });
            assertThat(counted.count()).isEqualTo(threads * 200_000L);
        }
    }

    @Test
    void countIsExactWhenThreadsComeAndGo() throws InterruptedException {
        int rounds = 300;
        List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; i < 1000; i++) {
                        counter.next();
                    }
                }))
                .limit(rounds)
                .toList();
        for (int i = 0; i < rounds; i++) {
            threads.get(i).start();
            if (i >= 5) {
                threads.get(i - 5).join();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter.count()).isEqualTo(rounds * 1000L);
    }

    /** A worker whose thread points to a stripe. */
    private Worker worker(int stripe) {
        Worker worker = new Worker(stripe % UseCounter.STRIPES);
        workers.add(worker);
        return worker;
    }

    /** A thread that does what it is told, one thing after another. */
    private final class Worker {

        private final ExecutorService executor;

        private Thread thread = Thread.currentThread();

        Worker(int stripe) {
            executor = Executors.newSingleThreadExecutor(task -> {
                do {
                    thread = new Thread(task);
                } while (thread.getId() % UseCounter.STRIPES != stripe);
                return thread;
            });
        }

        List<Long> use(int times) throws ExecutionException, InterruptedException {
            return executor.submit(
                            () -> Stream.generate(counter::next).limit(times).toList())
                    .get();
        }

        boolean isOwner() throws ExecutionException, InterruptedException {
            return executor.submit(counter::isOwner).get();
        }

        void end() throws InterruptedException {
            executor.shutdown();
            if (thread != Thread.currentThread()) {
                thread.join();
            }
        }
    }
}
