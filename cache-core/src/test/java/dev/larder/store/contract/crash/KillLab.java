package dev.larder.store.contract.crash;

import dev.larder.store.contract.JavaChild;
import dev.larder.store.contract.crash.History.Misses;
import dev.larder.store.contract.crash.Point.Manner;
import dev.larder.store.contract.crash.Settings.Sync;
import dev.larder.store.contract.crash.Wire.Message;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Kills processes that work on a store, again and again on one directory, and looks at every key after each kill.
 *
 * <p>Some rounds end after a random number of steps, some at a {@link Point}, some in order. The store of each round is
 * opened by the next, which reads all keys, first while it recovers, and then again.
 *
 * @param subject the name of a {@link Subject}
 * @param directory where the store is, over all rounds
 * @param settings with any time to sync: each round chooses one
 * @param keys how many
 * @param threads how many work at a time
 * @param seed chooses what the rounds do; the order of threads is chance
 */
public record KillLab(String subject, Path directory, Settings settings, int keys, int threads, long seed) {

    /** Enough to fill the bound several times over. */
    private static final int MOST_STEPS = 8000;

    private static final int MOST_DELAY_MILLIS = 20;

    /** What there is to tell of a run. */
    public record Report(long steps, long found, Map<String, Integer> ends) {

        @Override
        public String toString() {
            return "%d steps, of which %d found something; rounds by their end: %s".formatted(steps, found, ends);
        }
    }

    /** How a round shall end. */
    private record Plan(int round, Sync sync, int point, Manner manner, int nth, int steps, boolean inOrder) {

        static Plan of(int round, long seed, List<Point> points) {
            Random random = new Random(seed * 31 + round);
            int point = random.nextInt(5) < 3 ? random.nextInt(points.size()) : -1;
            int span = point < 0 ? 1 : points.get(point).span();
            return new Plan(
                    round,
                    Sync.values()[random.nextInt(3)],
                    point,
                    Manner.values()[random.nextInt(3)],
                    logarithmic(random, span),
                    point < 0 ? logarithmic(random, MOST_STEPS) : MOST_STEPS,
                    random.nextInt(6) == 0);
        }

        /** As many small numbers as large ones. */
        private static int logarithmic(Random random, int most) {
            return (int) Math.exp(random.nextDouble() * Math.log(most));
        }
    }

    /**
     * Runs so many rounds, and one to look.
     *
     * @throws Violation if the store did what it must not
     */
    public Report run(int rounds, Consumer<String> progress) throws IOException {
        History history = new History(keys, Misses.ALLOWED);
        List<Point> points = Subject.of(subject).points();
        Map<String, Integer> ends = new TreeMap<>();
        Plan plan = Plan.of(0, seed, points);
        JavaChild child = start(plan);
        try {
            for (int round = 0; round <= rounds; round++) {
                Plan next = Plan.of(round + 1, seed, points);
                JavaChild nextChild = start(next);
                String end;
                try (JavaChild current = child) {
                    end = new Round(history, plan, current).run();
                    progress.accept("round %d: %s, %d steps".formatted(round, end, history.ended()));
                } catch (Violation ex) {
                    nextChild.close();
                    throw new Violation(
                            "Seed %d, round %d, %s, directory %s: %s"
                                    .formatted(seed, round, plan, directory, ex.getMessage()),
                            ex);
                } finally {
                    child = nextChild;
                }
                ends.merge(
                        plan.point() >= 0 && end.equals("stopped")
                                ? points.get(plan.point()).name()
                                : end,
                        1,
                        Integer::sum);
                plan = next;
            }
        } finally {
            child.close();
        }
        return new Report(history.ended(), history.found(), ends);
    }

    private JavaChild start(Plan plan) throws IOException {
        return new JavaChild(
                List.of(),
                CrashChild.class,
                subject,
                directory.toString(),
                settings.with(plan.sync()).argument(),
                String.valueOf(keys),
                String.valueOf(threads),
                String.valueOf(plan.round()),
                String.valueOf(seed * 1000 + plan.round()),
                String.valueOf(plan.point()),
                plan.manner().name(),
                String.valueOf(plan.nth()));
    }

    /** One child, from its start to its end. */
    private final class Round {

        private final History history;

        private final Plan plan;

        private final JavaChild child;

        private final DataInputStream in;

        private final long stepsBefore;

        private String end = "";

        private boolean isKilled;

        Round(History history, Plan plan, JavaChild child) {
            this.history = history;
            this.plan = plan;
            this.child = child;
            this.in = new DataInputStream(new BufferedInputStream(child.output(), 1 << 16));
            this.stepsBefore = history.ended();
        }

        String run() throws IOException {
            history.setMisses(Misses.ALLOWED);
            child.tell("");
            for (Message message = Wire.read(in); message != null; message = Wire.read(in)) {
                hear(message);
            }
            if (end.isEmpty()) {
                throw new Violation("The process ended by itself");
            }
            history.crash();
            return end;
        }

        private void hear(Message message) {
            switch (message.kind()) {
                case BEGIN -> history.begin(message.thread(), message.act(), message.key(), message.version());
                case END -> {
                    history.end(message.thread(), message.version());
                    if (history.ended() - stepsBefore >= plan.steps()) {
                        enough();
                    }
                }
                case RECOVERED -> {
                    if (!settings.isBounded()) {
                        history.setMisses(Misses.FORBIDDEN);
                    }
                }
                case STOPPED -> {
                    // Others may go on, or wait for what the one that stopped holds.
                    end = "stopped";
                    int delay = new Random(seed + plan.round()).nextInt(MOST_DELAY_MILLIS);
                    CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS)
                            .execute(child::shoot);
                }
                case BROKEN -> {
                    child.close();
                    throw new Violation(message.text());
                }
                case CLOSED -> end = "closed";
                case READY, OPENED -> {}
            }
        }

        private void enough() {
            if (isKilled || end.equals("stopped")) {
                return;
            }
            isKilled = true;
            if (plan.inOrder()) {
                child.tell("");
            } else {
                end = "killed";
                child.shoot();
            }
        }
    }
}
