package dev.larder.store.contract.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The rules by which the calls of a {@link FaultyFileSystem} meet faults; without any, it is as good as the one below.
 *
 * <p>Thread-safe.
 */
public final class Faults {

    private static final Fault WELL = call -> {};

    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    Faults() {}

    /** Every call that matches meets the fault, until the rules are cleared. */
    public Rule inject(Fault fault, Predicate<Call> where) {
        return add(new Rule(fault, where, 0));
    }

    /** The nth call from now on that matches meets the fault, and no other. Counts from 1. */
    public Rule injectAt(long nth, Fault fault, Predicate<Call> where) {
        if (nth < 1) {
            throw new IllegalArgumentException("Calls are counted from 1, but nth was %d".formatted(nth));
        }
        return add(new Rule(fault, where, nth));
    }

    /** Forgets all rules: the disk is well again. */
    public void clear() {
        rules.clear();
    }

    private Rule add(Rule rule) {
        rules.add(rule);
        return rule;
    }

    /** The rules that apply to a call, each of which has counted it. */
    Fault on(Call call) {
        List<Fault> due = rules.stream()
                .filter(rule -> rule.isDue(call))
                .map(rule -> rule.fault)
                .toList();
        return due.isEmpty() ? WELL : new All(due);
    }

    /** When to meet a fault, and how often that happened. */
    public static final class Rule {

        private final Fault fault;

        private final Predicate<Call> where;

        /** Which of the calls that match; 0 for each. */
        private final long nth;

        private final AtomicLong matched = new AtomicLong();

        private Rule(Fault fault, Predicate<Call> where, long nth) {
            this.fault = fault;
            this.where = where;
            this.nth = nth;
        }

        private boolean isDue(Call call) {
            if (!where.test(call)) {
                return false;
            }
            long number = matched.incrementAndGet();
            return nth == 0 || nth == number;
        }

        /** How many calls matched so far, whether or not it was their turn. */
        public long matched() {
            return matched.get();
        }

        /** Whether the fault was met. */
        public boolean isMet() {
            return matched.get() >= Math.max(nth, 1);
        }
    }

    /** Several faults in one call: the first that throws wins, the shortest transfer counts. */
    private record All(List<Fault> faults) implements Fault {

        @Override
        public void before(Call call) throws IOException {
            for (Fault fault : faults) {
                fault.before(call);
            }
        }

        @Override
        public void after(Call call) throws IOException {
            for (Fault fault : faults) {
                fault.after(call);
            }
        }

        @Override
        public int room(Call call) {
            return faults.stream().mapToInt(fault -> fault.room(call)).min().orElse(call.length());
        }

        @Override
        public void alter(Call call, ByteBuffer read) {
            faults.forEach(fault -> fault.alter(call, read));
        }
    }
}
