package dev.larder.store.log;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * What an operation works in, so that it allocates nothing but its outcome: the key as it stands in records, the record to write,
 * the head of the record that was read. For one thread at a time: taken, and given back.
 *
 * <p>Kept in slots that threads share by their number, and not in a {@code ThreadLocal}: virtual threads are many, and a
 * thread that finds the one in its slot taken just makes another.
 */
final class Scratch {

    /** A power of two. Not fewer: as many threads are busy at once on a large machine. Not more: each may keep 64 KiB. */
    private static final int SLOTS = 64;

    /** Flags from one slot to the next, so that threads next to each other do not write to the same line of cache. */
    private static final int SPREAD = 16;

    private static final int FIRST_LENGTH = 512;

    /** What is longer is not kept. Not shorter: most records should be written without making room for them. */
    private static final int KEPT_LENGTH = 64 * 1024;

    /**
     * 1 where somebody works in what is in the slot. It stays there meanwhile: for references that come and go the garbage
     * collector has barriers, which wait until all that was written before is in memory.
     */
    private static final AtomicIntegerArray taken = new AtomicIntegerArray(SLOTS * SPREAD);

    private static final @Nullable Scratch[] slots = new Scratch[SLOTS];

    private final int slot;

    /** Whether this is in the slot, and not just another one while that is taken. */
    private final boolean isInSlot;

    /** A record in the making: the header, the key that was {@linkplain #setKey set}, and what follows it. */
    byte[] record = new byte[FIRST_LENGTH];

    int keyLength;

    /** 0 or {@link RecordFormat#KEY_UTF16}. */
    int keyFlags;

    long hash;

    /** Where the record is that was read, as the index said. */
    long place;

    /** Header, key and etag of the record that was read. */
    byte[] seen = new byte[FIRST_LENGTH];

    /** The value of the record that was read, if it is not in {@link #seen}. */
    byte @Nullable [] value;

    /** Where the value begins in {@link #seen}; 0 if it is not there. */
    int valueAt;

    private Scratch(int slot, boolean isInSlot) {
        this.slot = slot;
        this.isInSlot = isInSlot;
    }

    static Scratch take() {
        int slot = slot();
        if (!taken.compareAndSet(slot * SPREAD, 0, 1)) {
            return new Scratch(slot, false);
        }
        Scratch known = slots[slot];
        if (known != null) {
            return known;
        }
        Scratch made = new Scratch(slot, true);
        slots[slot] = made;
        return made;
    }

    static Scratch of(String key, KeyHash hash) {
        Objects.requireNonNull(key, "key"); // before a slot is taken that nobody would give back
        Scratch scratch = take();
        scratch.setKey(key, hash);
        return scratch;
    }

    void give() {
        forgetValue();
        if (record.length > KEPT_LENGTH) {
            record = new byte[FIRST_LENGTH];
        }
        if (seen.length > KEPT_LENGTH) {
            seen = new byte[FIRST_LENGTH];
        }
        if (isInSlot) {
            taken.setRelease(slot * SPREAD, 0);
        }
    }

    void forgetValue() {
        value = null;
        valueAt = 0;
    }

    /** A small number that threads which are busy at the same time mostly do not share. */
    int stripe() {
        return slot;
    }

    /** Keys are stored as one byte for each character where that is possible, and as two where it is not. */
    private void setKey(String key, KeyHash hasher) {
        int length = key.length();
        reserveRecord(RecordFormat.HEADER + 2 * length);
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            all |= c;
            record[RecordFormat.HEADER + i] = (byte) c;
        }
        boolean wide = all > 0xFF;
        for (int i = 0; wide && i < length; i++) {
            char c = key.charAt(i);
            record[RecordFormat.HEADER + 2 * i] = (byte) c;
            record[RecordFormat.HEADER + 2 * i + 1] = (byte) (c >>> 8);
        }
        keyLength = wide ? 2 * length : length;
        keyFlags = wide ? RecordFormat.KEY_UTF16 : 0;
        hash = hasher.of(record, RecordFormat.HEADER, keyLength);
    }

    /** Makes room for a record of this length, and keeps what is there. */
    void reserveRecord(int length) {
        record = reserve(record, length);
    }

    void reserveSeen(int length) {
        seen = reserve(seen, length);
    }

    private static byte[] reserve(byte[] bytes, int length) {
        return bytes.length >= length ? bytes : java.util.Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }

    /**
     * The value of the record that was read; null if there is none.
     *
     * <p>Copied out of {@link #seen} when it is asked for, and not kept: this object is old, and to refer to a new one it would
     * have to pass such a barrier.
     */
    byte @Nullable [] value() {
        return valueAt == 0
                ? value
                : java.util.Arrays.copyOfRange(seen, valueAt, valueAt + RecordFormat.valueLength(seen, 0));
    }

    /** Whether the record that was read is of the key that was set. Its header says that it has a key of this length. */
    boolean isKeySeen() {
        int end = RecordFormat.HEADER + keyLength;
        return (RecordFormat.flags(seen, 0) & RecordFormat.KEY_UTF16) == keyFlags
                && java.util.Arrays.equals(seen, RecordFormat.HEADER, end, record, RecordFormat.HEADER, end);
    }

    @SuppressWarnings("deprecation") // the number of a thread is final in Java 19 only
    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
