package dev.larder.store.contract.crash;

import dev.larder.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;

/** A kind of store that goes through the lab. It has a public constructor that takes one text. */
public interface Subject {

    /** Opens a store, whatever is in the directory. */
    Store<String, byte[]> open(Path directory, Settings settings);

    /** Returns when all that is there can be found, for stores that recover in the background. */
    default void awaitRecovery(Store<String, byte[]> store) {}

    /** Where it is worth to kill a process. */
    List<Point> points();

    /** Makes the subject of a name, in a child as well: the name of a class, a hash, and what its constructor takes. */
    static Subject of(String name) {
        String[] parts = name.split("#", 2);
        try {
            return (Subject)
                    Class.forName(parts[0]).getConstructor(String.class).newInstance(parts[1]);
        } catch (InvocationTargetException ex) {
            throw new IllegalArgumentException(name, ex.getCause());
        } catch (ReflectiveOperationException ex) {
            throw new IllegalArgumentException(name, ex);
        }
    }

    /** The name of a subject of this class. */
    static String name(Class<? extends Subject> type, String argument) {
        return type.getName() + "#" + argument;
    }
}
