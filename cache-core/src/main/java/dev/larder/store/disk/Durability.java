package dev.larder.store.disk;

/** What an acknowledged write to a {@link DiskStore} survives. */
public enum Durability {

    /** The end of the process, however sudden. After a loss of power entries may be missing, but none is ever wrong. */
    PROCESS,

    /** A loss of power too: file and directory are synced before a write returns, which costs milliseconds. */
    ALWAYS
}
