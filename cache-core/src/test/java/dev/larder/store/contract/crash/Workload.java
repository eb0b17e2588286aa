package dev.larder.store.contract.crash;

import dev.larder.store.Entry;
import dev.larder.store.Store;
import dev.larder.store.contract.crash.Point.Doing;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What threads do to a store, by chance, while somebody takes notes. Thread-safe. */
final class Workload {

    /** Half of the steps are about an eighth of the keys, so that some entries are used and many are not. */
    private static final int HOT_SHARE = 8;

    private final Store<String, byte[]> store;

    private final Journal journal;

    private final Settings settings;

    private final int keys;

    private final AtomicLong versions;

    /**
     * @param round versions of one round are above those of the rounds before
     */
    Workload(Store<String, byte[]> store, Journal journal, Settings settings, int keys, int round) {
        this.store = store;
        this.journal = journal;
        this.settings = settings;
        this.keys = keys;
        this.versions = new AtomicLong((round + 1L) << 32);
    }

    /** One step of a thread. */
    void step(int thread, Random random) {
        int hot = Math.max(1, keys / HOT_SHARE);
        int key = random.nextBoolean() ? random.nextInt(hot) : random.nextInt(keys);
        act(thread, choose(random), key, random);
    }

    private static Act choose(Random random) {
        int chance = random.nextInt(2000);
        if (chance < 1) {
            return Act.CLEAR;
        } else if (chance < 800) {
            return Act.PUT;
        } else if (chance < 950) {
            return Act.PUT_IF_ABSENT;
        } else if (chance < 1150) {
            return Act.REMOVE;
        } else if (chance < 1230) {
            return Act.POP;
        } else if (chance < 1280) {
            return Act.TOUCH;
        } else if (chance < 1330) {
            return Act.ENTRY;
        }
        return Act.GET;
    }

    /** Looks at every key. */
    void look(int thread, Random random) {
        for (int key = 0; key < keys; key++) {
            act(thread, Act.GET, key, random);
        }
    }

    /** Does something to a key. */
    void act(int thread, Act act, int key, Random random) {
        act(thread, act, key, act.isPut() ? length(random) : 0);
    }

    /** The same for what needs no value. */
    void act(int thread, Act act, int key) {
        act(thread, act, key, 0);
    }

    /** Puts a value of so many bytes. */
    void put(int thread, int key, int length) {
        act(thread, Act.PUT, key, length);
    }

    private void act(int thread, Act act, int key, int length) {
        Doing.set(act == Act.CLEAR ? Doing.CLEARING : Doing.WORKING);
        long version = act.isPut() ? versions.incrementAndGet() : Journal.NOTHING;
        journal.begin(thread, act, key, version);
        journal.end(thread, run(act, key, version, length));
    }

    private long run(Act act, int key, long version, int length) {
        String name = Value.name(key);
        return switch (act) {
            case GET -> seen(key, store.get(name));
            case ENTRY -> {
                Entry<byte[]> entry = store.entry(name);
                yield entry == null ? Journal.NOTHING : Value.version(key, entry);
            }
            case PUT -> {
                store.put(name, Value.entry(key, version, length));
                yield Journal.NOTHING;
            }
            case PUT_IF_ABSENT -> seen(key, store.putIfAbsent(name, Value.entry(key, version, length)));
            case TOUCH -> {
                store.touch(name, Entry.FOREVER, Entry.FOREVER);
                yield Journal.NOTHING;
            }
            case REMOVE -> {
                store.remove(name);
                yield Journal.NOTHING;
            }
            case POP -> seen(key, store.pop(name));
            case CLEAR -> {
                store.clear();
                yield Journal.NOTHING;
            }
        };
    }

    private static long seen(int key, byte @Nullable [] value) {
        return value == null ? Journal.NOTHING : Value.version(key, value);
    }

    /** Most values are small, some are too large for a segment, and few for the whole store. */
    private int length(Random random) {
        int chance = random.nextInt(1000);
        if (chance < 600) {
            return random.nextInt(200);
        } else if (chance < 970) {
            return random.nextInt(settings.segmentSize() / 16);
        } else if (chance < 997 || !settings.isBounded()) {
            return random.nextInt(settings.segmentSize());
        }
        return (int) settings.maxSize() + 1;
    }
}
