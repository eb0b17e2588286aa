package dev.larder.store.contract.crash;

import dev.larder.store.Store;
import dev.larder.store.contract.crash.Point.Doing;
import dev.larder.store.contract.crash.Point.Manner;
import dev.larder.store.contract.crash.Wire.Kind;
import dev.larder.store.contract.faults.Call;
import dev.larder.store.contract.faults.Fault;
import dev.larder.store.contract.faults.FaultyFileSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that is killed. It opens a store, reads all keys, works with several threads and tells its parent all it
 * does, until it is told to close the store, or dies.
 *
 * <p>Arguments: subject, directory, settings, number of keys, of threads and of the round, seed, number of the point to
 * stop at or -1, how, and at which call.
 */
public final class CrashChild {

    /** What is within one of these is copied in one go: the end of a process leaves all of it or nothing. */
    private static final int PAGE = 4096;

    /** Longer than any step takes on a machine that does much else; a test that hangs should still tell. */
    private static final long PATIENCE_MILLIS = 40_000;

    private final Wire wire = new Wire();

    private final FaultyFileSystem fileSystem = new FaultyFileSystem(FileSystems.getDefault());

    private final AtomicLong steps = new AtomicLong();

    private final Subject subject;

    private final Path directory;

    private final Settings settings;

    private final int keys;

    private final int threads;

    private final int round;

    private final long seed;

    private volatile boolean isRecovered;

    private volatile boolean isClosing;

    private CrashChild(String[] arguments) {
        subject = Subject.of(arguments[0]);
        directory = Path.of(arguments[1]);
        settings = Settings.parse(arguments[2]);
        keys = Integer.parseInt(arguments[3]);
        threads = Integer.parseInt(arguments[4]);
        round = Integer.parseInt(arguments[5]);
        seed = Long.parseLong(arguments[6]);
        int point = Integer.parseInt(arguments[7]);
        if (point >= 0) {
            Point met = subject.points().get(point);
            fileSystem.faults().injectAt(Long.parseLong(arguments[9]), stop(Manner.valueOf(arguments[8])), met::isMet);
        }
    }

    /** Runs until standard input ends, at the latest. */
    public static void main(String... arguments) throws IOException {
        CrashChild child = new CrashChild(arguments);
        child.wire.say(Kind.READY);
        if (System.in.read() >= 0) {
            child.run();
        }
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        Thread watch = new Thread(this::watch, "lab-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            Doing.set(Doing.OPENING);
            Store<String, byte[]> store = subject.open(fileSystem.over(directory), settings);
            wire.say(Kind.OPENED);
            List<Thread> workers = startWorkers(store);
            Doing.set(Doing.OPENING);
            subject.awaitRecovery(store);
            wire.say(Kind.RECOVERED);
            isRecovered = true;
            if (System.in.read() >= 0) {
                isClosing = true;
                for (Thread worker : workers) {
                    worker.join();
                }
                Doing.set(Doing.CLOSING);
                store.close();
                wire.say(Kind.CLOSED);
            }
        } catch (RuntimeException | Error ex) {
            broken(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Thread> startWorkers(Store<String, byte[]> store) {
        Workload workload = new Workload(store, wire, settings, keys, round);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread worker = new Thread(() -> work(workload, number), "lab-worker-" + i);
            worker.start();
            workers.add(worker);
        }
        return workers;
    }

    private void work(Workload workload, int thread) {
        Random random = new Random(seed + thread);
        try {
            // What is served while the store recovers may be missing, but never wrong.
            while (!isRecovered && !isClosing) {
                workload.act(thread, Act.GET, random.nextInt(keys), random);
                workload.step(thread, random);
                steps.incrementAndGet();
            }
            for (int key = thread; key < keys; key += threads) {
                workload.act(thread, Act.GET, key, random);
                steps.incrementAndGet();
            }
            while (!isClosing) {
                workload.step(thread, random);
                steps.incrementAndGet();
            }
        } catch (RuntimeException | Error ex) {
            broken(ex);
        }
    }

    private void broken(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        wire.sayBroken(text.toString());
    }

    private Fault stop(Manner manner) {
        return new Fault() {
            @Override
            public void before(Call call) {
                if (manner == Manner.BEFORE) {
                    stopForever();
                }
            }

            @Override
            public int room(Call call) {
                int first = (int) (PAGE - call.position() % PAGE);
                int borders = call.length() > first ? (call.length() - first - 1) / PAGE + 1 : 0;
                return manner == Manner.TORN && borders > 0
                        ? first + PAGE * new Random(seed).nextInt(borders)
                        : call.length();
            }

            @Override
            public void after(Call call) {
                if (manner != Manner.BEFORE) {
                    stopForever();
                }
            }
        };
    }

    private void stopForever() {
        wire.say(Kind.STOPPED);
        while (true) {
            LockSupport.park(this);
        }
    }

    /** Tells what all threads do when none of them gets on. */
    private void watch() {
        long before = -1;
        while (before != steps.get()) {
            before = steps.get();
            LockSupport.parkNanos(PATIENCE_MILLIS * 1_000_000);
        }
        StringBuilder text = new StringBuilder("No thread gets on\n");
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            text.append(entry.getKey()).append('\n');
            for (StackTraceElement element : entry.getValue()) {
                text.append("    ").append(element).append('\n');
            }
        }
        wire.sayBroken(text.toString());
    }
}
