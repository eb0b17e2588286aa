package dev.larder.store.lru;

/**
 * 120 bytes that nobody uses, in front of the fields of a subclass. With the header of the object they keep those fields off the
 * cache lines of what was allocated before, and off the neighbouring line, which processors fetch along.
 *
 * <p>Why: processors exchange memory by lines of 64 bytes. If two threads write two fields in one line, each write takes the line
 * away from the other thread, as if both wrote the same field. The padding is in a class of its own since a JVM may reorder the
 * fields of one class, but not those of a class and its superclass.
 */
@SuppressWarnings("UnusedVariable")
abstract class Padding {

    private long p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
}
