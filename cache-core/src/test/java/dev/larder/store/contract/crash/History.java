package dev.larder.store.contract.crash;

import java.util.HashMap;
import java.util.Map;

/**
 * What was done to the keys of a store and what was found, over as many crashes as there were, and whether that can be.
 * Time is counted in steps: what has ended before another began is before it.
 *
 * <p>Thread-safe.
 */
public final class History implements Journal {

    private final KeyHistory[] keys;

    private Misses misses;

    private final Map<Integer, Step> open = new HashMap<>();

    private long now = 1;

    private long ended;

    private long found;

    /** What is said of a read that finds nothing. */
    public enum Misses {
        /** It tells nothing: the store may be recovering, or its disk may fail and get well. */
        ALLOWED,
        /** What is missed once must not be found until it is put again. */
        FINAL,
        /** What was put must be found until somebody removes it: the store has no bound, and did recover. */
        FORBIDDEN
    }

    /** A history of so many keys, numbered from 0. */
    public History(int keys, Misses misses) {
        this.misses = misses;
        this.keys = new KeyHistory[keys];
        for (int key = 0; key < keys; key++) {
            this.keys[key] = new KeyHistory(key);
        }
    }

    /** From now on. */
    public synchronized void setMisses(Misses other) {
        this.misses = other;
    }

    /**
     * Something going on.
     *
     * @param required whether there was something to find when it began
     */
    private record Step(Act act, int key, long version, long from, boolean required) {}

    /** How many keys there are, numbered from 0. */
    public int keys() {
        return keys.length;
    }

    @Override
    public synchronized void begin(int thread, Act act, int key, long version) {
        long from = now++;
        boolean required = keys[key].isRequired() && !isRemovalGoingOn(key);
        if (open.put(thread, new Step(act, key, version, from, required)) != null) {
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
        look(step, key, seen, until);
        switch (step.act()) {
            case PUT -> key.put(step.version(), until);
            case PUT_IF_ABSENT -> {
                if (seen == NOTHING) {
                    key.put(step.version(), until);
                } else {
                    key.putNothing(step.version());
                }
            }
            case POP, REMOVE -> key.removed("it was removed", step.from(), until);
            case CLEAR -> {
                for (KeyHistory each : keys) {
                    each.cleared(step.from(), until);
                }
            }
            default -> {}
        }
    }

    private void look(Step step, KeyHistory key, long seen, long until) {
        if (seen != NOTHING) {
            found++;
            if (step.act() == Act.POP) {
                key.popped(seen, step.from(), until);
            } else {
                key.saw(seen, step.from(), until);
            }
        } else if (step.act().isRead()) {
            if (misses == Misses.FINAL) {
                key.removed("it was missed", step.from(), until);
            } else if (misses == Misses.FORBIDDEN
                    && step.required()
                    && !key.isRemovedSince(step.from())
                    && !isRemovalGoingOn(step.key())) {
                throw new Violation("Key %d: %s found nothing, though nobody removed what was put%s"
                        .formatted(step.key(), step.act(), key.describe()));
            }
        }
    }

    private boolean isRemovalGoingOn(int key) {
        return open.values().stream()
                .anyMatch(step -> step.act() == Act.CLEAR || (step.act().isRemoval() && step.key() == key));
    }

    /** How many steps have ended. */
    public synchronized long ended() {
        return ended;
    }

    /** How many of them found something. */
    public synchronized long found() {
        return found;
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
     * The same, but what is not on disk yet may still be undone by a {@linkplain #losePower loss of power}.
     *
     * @throws Violation if what happened before cannot be
     */
    public synchronized void kill() {
        dieAndCheck();
    }

    /**
     * Power was lost, too: what had ended at the given time holds; what ended later may have happened or not,
     * apart from clears that had ended when power went off: they hold.
     *
     * @param durable a {@link #time}
     * @param cut the time when power went off
     * @throws Violation if what happened before cannot be
     */
    public synchronized void losePower(long durable, long cut) {
        long time = dieAndCheck();
        for (KeyHistory key : keys) {
            key.losePower(durable, cut, time);
        }
    }

    /** What was put so far may be missing: the disk has failed. What was replaced or removed is as gone as ever. */
    public synchronized void excuseMisses() {
        for (KeyHistory key : keys) {
            key.excuseMisses();
        }
    }

    private long dieAndCheck() {
        long time = now++;
        for (int key = 0; key < keys.length; key++) {
            keys[key].crash(time, isRemovalGoingOn(key));
        }
        open.clear();
        checkAll();
        return time;
    }

    private void checkAll() {
        for (KeyHistory key : keys) {
            try {
                key.check();
            } catch (Violation ex) {
                throw new Violation(ex.getMessage() + key.describe(), ex);
            }
        }
    }

    /** Whether a version may be found under a key now. */
    synchronized boolean isPossible(int key, long version) {
        return keys[key].possible().contains(version);
    }

    /** How many versions of a key may be found now. */
    synchronized int possible(int key) {
        return keys[key].possible().size();
    }
}
