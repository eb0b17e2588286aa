package dev.larder.store.log;

/** What came of reading a record. */
enum Outcome {
    /** It is of the key that was looked for, and as it was written. */
    FOUND,

    /** It is of another key, whose hash is the same. */
    OTHER_KEY,

    /** It is not as it was written. */
    DAMAGED,

    /** Its segment was closed or dropped meanwhile: the index has another place for it. */
    GONE,

    /** The disk did not let it be read. */
    UNREADABLE,

    /** There is nothing in the index. */
    ABSENT
}
