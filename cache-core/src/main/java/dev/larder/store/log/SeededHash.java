package dev.larder.store.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash that depends on a seed, so that nobody can choose keys that collide without knowing it.
 *
 * <p>Takes eight bytes a step: a multiplication by an odd number and a shift, both of them bijections. Then all of it is
 * mixed ("variant 13" of the mixer of MurmurHash3: Stafford, 2011).
 *
 * @param seed any number; the store's
 */
record SeededHash(long seed) implements KeyHash {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The golden ratio: there is no pattern in its bits. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    @Override
    public long of(byte[] bytes, int from, int length) {
        // The length tells a key from one with zeros at its end.
        long hash = mix(seed ^ length * FACTOR);
        int at = from;
        int end = from + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = step(hash, (long) WORD.get(bytes, at));
        }
        if (at < end) {
            hash = step(hash, rest(bytes, at, end));
        }
        return mix(hash);
    }

    private static long rest(byte[] bytes, int from, int end) {
        long rest = 0;
        for (int i = end - 1; i >= from; i--) {
            rest = rest << Byte.SIZE | (bytes[i] & 0xFF);
        }
        return rest;
    }

    private static long step(long hash, long word) {
        long product = (hash ^ word) * FACTOR;
        return product ^ (product >>> 32);
    }

    private static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
