package dev.larder.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Caches on disk that several processes share, by the name they have on the command line and in the tables. */
enum Sharers {
    LARDER,
    /** One database for all. */
    DISKCACHE,
    /** Eight databases, for programs in which many write. */
    DISKCACHE_FANOUT;

    boolean isPython() {
        return this != LARDER;
    }

    /**
     * How to start a process.
     *
     * @param python the command, and the script
     * @param arguments as {@link DiskWorker} takes them
     */
    List<String> command(List<String> python, Path directory, Object... arguments) {
        if (!isPython()) {
            List<Object> all = new ArrayList<>(List.of(directory));
            all.addAll(List.of(arguments));
            return Child.java(DiskWorker.class, all.toArray());
        }
        List<String> command = new ArrayList<>(python);
        command.add(this == DISKCACHE ? "Cache" : "FanoutCache");
        command.add(directory.toString());
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        return command;
    }
}
