package dev.larder.store.log;

/** What opening a {@link LogStore} does while another process has its directory. */
public enum OnLocked {

    /** Fails, and says who has it. */
    FAIL,

    /** Waits for the other process to go, as in a rolling restart, and then fails. */
    WAIT,

    /** Opens an empty store in a directory of its own below, which is deleted when it is closed. */
    PRIVATE
}
