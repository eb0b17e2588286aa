package dev.larder.store.contract.crash;

/** What is done to a key, or to all of them. */
public enum Act {
    GET,
    /** A look at the entry; its etag must belong to its value. */
    ENTRY,
    PUT,
    PUT_IF_ABSENT,
    TOUCH,
    REMOVE,
    POP,
    CLEAR;

    /** Whether a value is offered, which may be found from then on. */
    boolean isPut() {
        return this == PUT || this == PUT_IF_ABSENT;
    }

    /** Whether it tells what is there. */
    boolean isRead() {
        return this == GET || this == ENTRY || this == POP || this == PUT_IF_ABSENT;
    }

    /** Whether nothing that was there before may be found afterwards. */
    boolean isRemoval() {
        return this == REMOVE || this == POP || this == CLEAR;
    }
}
