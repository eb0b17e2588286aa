package dev.larder.store.log;

/**
 * What an acknowledged write to a {@link LogStore} survives. With each of them it survives the end of the process, however
 * sudden; they differ in what a loss of power takes away. It takes the last writes in any case, never some between others.
 */
public enum Durability {

    /** The end of the process. A loss of power may take what the operating system did not write yet, half a minute or so. */
    PROCESS,

    /** A loss of power too, apart from the last second: the background syncs what was written in it. */
    INTERVAL,

    /** A loss of power too: a write returns when it is synced, together with those of other threads. */
    ALWAYS
}
