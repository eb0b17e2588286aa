package dev.larder.store.disk;

import dev.larder.store.CoarseClock;
import dev.larder.store.Entry;
import dev.larder.store.Failures;
import dev.larder.store.LoadLease;
import dev.larder.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;

/**
 * What a child process does with a store that it shares with others.
 *
 * <p>Arguments: shape, directory, file of the registers, number of registers, number of this child, number of children, and
 * the bound on entries, 0 for none.
 */
final class DiskChild {

    /** Mostly more than a page, so that values can be seen half written. */
    private static final int FILLER = 20_000;

    private final Store<String, String> store;

    private final Registers registers;

    private final int me;

    private final int children;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private DiskChild(String[] arguments) throws IOException {
        Setup setup =
                new Setup().real(new Failures("child", CoarseClock.shared())).maxEntries(Long.parseLong(arguments[6]));
        store = Shape.valueOf(arguments[0]).open(Path.of(arguments[1]), setup);
        registers = new Registers(Path.of(arguments[2]), Integer.parseInt(arguments[3]));
        me = Integer.parseInt(arguments[4]);
        children = Integer.parseInt(arguments[5]);
    }

    public static void main(String... arguments) throws IOException {
        DiskChild child = new DiskChild(arguments);
        child.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int number = words.length > 1 ? Integer.parseInt(words[1]) : 0;
            try {
                child.out.println("done " + child.obey(words[0], number));
            } catch (RuntimeException | AssertionError ex) {
                ex.printStackTrace();
                child.out.println("failed " + ex);
            }
        }
    }

    private String obey(String command, int number) {
        return switch (command) {
            case "registers" -> useRegisters(number, -1);
            case "forever" -> forever(number);
            case "pop" -> numbersFor(number, i -> pop("pop " + i));
            case "absent" -> numbersFor(number, i -> putIfAbsent("absent " + i));
            case "load" -> numbersFor(number, i -> load("load " + i));
            case "put" -> numbersFor(number, i -> put("cleared " + i));
            case "fill" -> numbersFor(number, i -> fill(me + " of many " + i));
            case "noise" -> numbersFor(number, i -> put("noise " + i) && isWhole("noise " + i));
            case "clear" -> String.valueOf(store.clear());
            case "found" -> numbersFor(number, i -> store.get("cleared " + i) != null);
            default -> throw new IllegalArgumentException("Unknown command " + command);
        };
    }

    /** Something that is true for some numbers. */
    @FunctionalInterface
    private interface Trial {
        boolean succeeds(int number);
    }

    /** Tries in an order of its own, so that the children meet at some keys and not at others. */
    private String numbersFor(int count, Trial trial) {
        StringJoiner numbers = new StringJoiner(",");
        boolean forward = me % 2 == 0;
        for (int i = 0; i < count; i++) {
            int number = forward ? i : count - 1 - i;
            if (trial.succeeds(number)) {
                numbers.add(String.valueOf(number));
            }
        }
        return numbers.toString();
    }

    private boolean put(String key) {
        store.put(key, Entry.of(Stamp.of(key, me, FILLER)));
        return true;
    }

    /** Puts one of many entries, of which old ones have to go; whether it is there, and whole. */
    private boolean fill(String key) {
        store.put(key, Entry.of(Stamp.of(key, me, 100)));
        String value = store.get(key);
        return value != null && Stamp.number(key, value) == me;
    }

    /** Whether nothing is there, or a value as it was put. */
    private boolean isWhole(String key) {
        String value = store.get(key);
        return value == null || Stamp.number(key, value) < children;
    }

    private boolean pop(String key) {
        String value = store.pop(key);
        if (value == null) {
            return false;
        }
        Stamp.number(key, value);
        return true;
    }

    private boolean putIfAbsent(String key) {
        String winner = store.putIfAbsent(key, Entry.of(Stamp.of(key, me, FILLER)));
        String seen = Objects.requireNonNull(store.get(key), "what was just put or found");
        if (Stamp.number(key, seen) != (winner == null ? me : Stamp.number(key, winner))) {
            throw new AssertionError(
                    "Put if absent of %s says that one value won, and get gives another".formatted(key));
        }
        return winner == null;
    }

    /** Loads as a cache does: once, whoever asks. Tells whether it was this process that loaded. */
    private boolean load(String key) {
        String value = store.get(key);
        while (value == null) {
            LoadLease lease = store.tryBeginLoad(key);
            if (lease != null) {
                try (lease) {
                    value = lease.lookAgain() ? store.get(key) : null;
                    if (value == null) {
                        store.put(key, Entry.of(Stamp.of(key, me, FILLER)));
                        return true;
                    }
                }
            } else {
                Thread.yield();
                value = store.get(key);
            }
        }
        Stamp.number(key, value);
        return false;
    }

    /** Writes the registers of this child, reads those of all. Says when it has done {@code loud} steps. */
    private String useRegisters(int steps, int loud) {
        Random random = new Random(me + 31L * registers.begun(me).number());
        int own = registers.keys() / children;
        for (int step = 0; step < steps; step++) {
            if (step == loud) {
                out.println("there");
            }
            write(me + children * random.nextInt(own), random);
            registers.check(store, random.nextInt(registers.keys()));
            registers.check(store, random.nextInt(registers.keys()));
        }
        return "";
    }

    private void write(int key, Random random) {
        String name = Registers.name(key);
        boolean present = registers.acknowledged(key).isPut();
        long last = registers.acknowledged(key).number();
        switch (random.nextInt(8)) {
            case 0 -> {
                registers.begin(key, false);
                verify(store.remove(name) == present, "remove", key);
                registers.acknowledge(key);
            }
            case 1 -> {
                registers.begin(key, false);
                String value = store.pop(name);
                verify(value == null ? !present : present && Stamp.number(name, value) == last, "pop", key);
                registers.acknowledge(key);
            }
            case 2 -> verify(store.touch(name, Entry.FOREVER, Entry.FOREVER) == present, "touch", key);
            case 3 -> {
                if (!present) {
                    long number = registers.begin(key, true);
                    verify(store.putIfAbsent(name, stamped(name, number)) == null, "put if absent", key);
                    registers.acknowledge(key);
                }
            }
            default -> {
                long number = registers.begin(key, true);
                store.put(name, stamped(name, number));
                registers.acknowledge(key);
            }
        }
        registers.check(store, key);
    }

    private static Entry<String> stamped(String name, long number) {
        return Entry.of(Stamp.of(name, number, FILLER));
    }

    private static void verify(boolean holds, String operation, int key) {
        if (!holds) {
            throw new AssertionError("Wrong result of %s of register %d".formatted(operation, key));
        }
    }

    /** Until it is killed; holds the right to load a key, too. */
    private String forever(int loud) {
        Objects.requireNonNull(store.tryBeginLoad("lease"), "the lease of the child that was killed before");
        return useRegisters(Integer.MAX_VALUE, loud);
    }
}
