package dev.larder.store.log;

/** All that changes entries. Each is thread-safe. */
record Writes(Changes changes, Puts puts, Touches touches, Removals removals) {}
