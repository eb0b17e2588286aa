package dev.larder.store.disk;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What reading and hashing need and is dear to make. For one thread at a time: taken, and given back.
 *
 * <p>Kept in slots that threads share by their number, and not in a {@code ThreadLocal}: virtual threads are many, and a
 * thread that finds its slot empty just makes one.
 */
final class Scratch {

    /**
     * Length of {@link #buffer}: what is read of a file at once. Not smaller: entries of some kilobytes are read by one call
     * of the system. Not larger: each slot keeps one.
     */
    static final int LENGTH = 16 * 1024;

    /** A power of two. Not fewer: as many threads use the disk at once on a large machine. Not more: a megabyte in all. */
    private static final int SLOTS = 64;

    private static final AtomicReferenceArray<@Nullable Scratch> slots = new AtomicReferenceArray<>(SLOTS);

    final byte[] buffer = new byte[LENGTH];

    private final MessageDigest sha256;

    private Scratch() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java platform has SHA-256", ex);
        }
    }

    static Scratch take() {
        Scratch scratch = slots.getAndSet(slot(), null);
        return scratch == null ? new Scratch() : scratch;
    }

    void give() {
        slots.set(slot(), this);
    }

    byte[] sha256(byte[] bytes) {
        return sha256.digest(bytes);
    }

    @SuppressWarnings("deprecation") // the number of a thread is final in Java 19 only
    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
