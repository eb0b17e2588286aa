package dev.larder.store.contract.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was done to the keys of a store and what was found, over as many crashes as there were, and whether that can be.
 * Time is counted in steps: what has ended before another began is before it.
 *
 * <p>Thread-safe.
 */
public final class History implements Journal {

    private final KeyHistory[] keys;

    private final boolean countsMisses;

    private final Map<Integer, Step> open = new HashMap<>();

    private final List<Step> clears = new ArrayList<>();

    private long now = 1;

    private long ended;

    private History(int keys, boolean countsMisses) {
        this.countsMisses = countsMisses;
        this.keys = new KeyHistory[keys];
        for (int key = 0; key < keys; key++) {
            this.keys[key] = new KeyHistory(key);
        }
    }

    /** A store may miss now and find later: it may be recovering, or its disk may fail and get well. */
    public static History of(int keys) {
        return new History(keys, false);
    }

    /** What the store misses once it must not find until it is put again. */
    public static History strict(int keys) {
        return new History(keys, true);
    }

    private record Step(Act act, int key, long version, long from, long until) {}

    /** How many keys there are, numbered from 0. */
    public int keys() {
        return keys.length;
    }

    @Override
    public synchronized void begin(int thread, Act act, int key, long version) {
        long from = now++;
        if (open.put(thread, new Step(act, key, version, from, 0)) != null) {
            throw new IllegalStateException("Thread %d does two things at a time".formatted(thread));
        }
        if (act.isPut()) {
            keys[key].beginPut(version, from);
        }
    }

    @Override
    public synchronized void end(int thread, long seen) {
        long until = now++;
        Step step = open.remove(thread);
        if (step == null) {
            throw new IllegalStateException("Thread %d ended what it did not begin".formatted(thread));
        }
        ended++;
        KeyHistory key = keys[step.key()];
        switch (step.act()) {
            case GET, ENTRY -> look(key, seen, step.from(), until);
            case PUT -> key.put(step.version(), until);
            case PUT_IF_ABSENT -> {
                if (seen == NOTHING) {
                    key.put(step.version(), until);
                } else {
                    key.saw(seen, step.from(), until);
                    key.putNothing(step.version());
                }
            }
            case POP -> {
                if (seen != NOTHING) {
                    key.popped(seen, step.from(), until);
                } else {
                    key.removed("it was popped", step.from(), until);
                }
            }
            case REMOVE -> key.removed("it was removed", step.from(), until);
            case CLEAR -> clears.add(new Step(Act.CLEAR, 0, 0, step.from(), until));
            case TOUCH -> {}
        }
    }

    private void look(KeyHistory key, long seen, long from, long until) {
        if (seen != NOTHING) {
            key.saw(seen, from, until);
        } else if (countsMisses) {
            key.removed("it was missed", from, until);
        }
    }

    /** How many steps have ended. */
    public synchronized long ended() {
        return ended;
    }

    /** The time: what has ended until now is before what begins from now on. */
    public synchronized long time() {
        return now++;
    }

    /**
     * Looks at all that is known, and forgets what cannot matter any more. Nothing may be going on.
     *
     * @throws Violation if it cannot be
     */
    public synchronized void check() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("Still going on: " + open.values());
        }
        checkAll();
        for (KeyHistory key : keys) {
            key.compact();
        }
    }

    /**
     * The process died in the midst of it: what was going on happened, or will never have happened.
     *
     * @throws Violation if what happened before cannot be
     */
    public synchronized void crash() {
        dieAndCheck();
        for (KeyHistory key : keys) {
            key.compact();
        }
    }

    /**
     * Power was lost, too: what had ended at the given time holds; what ended later may have happened or not.
     *
     * @param durable a {@link #time}
     * @throws Violation if what happened before cannot be
     */
    public synchronized void losePower(long durable) {
        long time = dieAndCheck();
        for (KeyHistory key : keys) {
            key.losePower(durable, time);
        }
    }

    private long dieAndCheck() {
        open.clear();
        long time = now++;
        for (KeyHistory key : keys) {
            key.crash(time);
        }
        checkAll();
        return time;
    }

    private void checkAll() {
        for (KeyHistory key : keys) {
            clears.forEach(clear -> key.removed("all was cleared", clear.from(), clear.until()));
        }
        clears.clear();
        for (KeyHistory key : keys) {
            try {
                key.check();
            } catch (Violation ex) {
                throw new Violation(ex.getMessage() + key.describe(), ex);
            }
        }
    }

    /** How many versions of a key may be found now. */
    synchronized int possible(int key) {
        return keys[key].possible().size();
    }
}
