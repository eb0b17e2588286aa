package dev.larder.store.contract.faults;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One call of a file system: what a rule looks at to tell whether it applies.
 *
 * <p>Immutable. The paths are those of the file system below, so that a test can look at a file without meeting a fault.
 *
 * @param operation what was called
 * @param path the file or directory it is about
 * @param target where a file is moved, copied or linked to
 * @param position where a file is read or written, in bytes from its start; 0 for other operations
 * @param length how many bytes there is room for to read, or there are to write; 0 for other operations
 */
public record Call(Operation operation, Path path, @Nullable Path target, long position, int length) {

    /** What can be called, as far as it is worth a fault of its own. */
    public enum Operation {
        /** Opening a file that is there, or only to read. */
        OPEN,
        /** Opening a file so that it is created if it is not there. */
        CREATE,
        READ,
        WRITE,
        /** Mapping a file to be read; what is read through the map meets no faults. */
        MAP,
        TRUNCATE,
        /** Syncing a file, or a directory that was opened like one. */
        FORCE,
        CLOSE,
        /** Moving or copying. */
        MOVE,
        LINK,
        DELETE,
        CREATE_DIRECTORY,
        /** Opening a directory to list it, and each step of listing. */
        LIST,
        /** Reading attributes, and asking whether a file is there or may be accessed. */
        STAT,
        SET_TIMES,
        /** Setting any other attribute. */
        SET_ATTRIBUTES
    }

    static Call of(Operation operation, Path path) {
        return new Call(operation, path, null, 0, 0);
    }

    /** Calls of these operations. */
    public static Predicate<Call> of(Operation... operations) {
        Set<Operation> wanted = Set.of(operations);
        return call -> wanted.contains(call.operation());
    }

    /** All calls. */
    public static Predicate<Call> any() {
        return call -> true;
    }

    /** Calls about files of whose path this is a part. */
    public static Predicate<Call> about(String part) {
        return call -> call.path().toString().contains(part)
                || (call.target() != null && call.target().toString().contains(part));
    }
}
