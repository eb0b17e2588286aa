package dev.larder.store.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What an operation works in, so that it allocates nothing but its outcome: the key as it stands in records, the record to write,
 * the head of the record that was read. For one thread at a time: taken, and given back.
 *
 * <p>Kept in slots that threads share by their number, and not in a {@code ThreadLocal}: virtual threads are many, and a
 * thread that finds its slot empty just makes one.
 */
final class Scratch {

    /** A power of two. Not fewer: as many threads are busy at once on a large machine. Not more: each may keep 64 KiB. */
    private static final int SLOTS = 64;

    /** References from one slot to the next, so that threads next to each other do not write to the same line of cache. */
    private static final int SPREAD = 16;

    private static final int FIRST_LENGTH = 512;

    /** What is longer is not kept. Not shorter: most records should be written without making room for them. */
    private static final int KEPT_LENGTH = 64 * 1024;

    private static final AtomicReferenceArray<@Nullable Scratch> slots = new AtomicReferenceArray<>(SLOTS * SPREAD);

    private final int slot;

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

    /** The value of the record that was read. */
    byte @Nullable [] value;

    private Scratch(int slot) {
        this.slot = slot;
    }

    static Scratch take() {
        int slot = slot();
        Scratch scratch = slots.getAndSet(slot * SPREAD, null);
        return scratch == null ? new Scratch(slot) : scratch;
    }

    static Scratch of(String key, KeyHash hash) {
        Scratch scratch = take();
        scratch.setKey(key, hash);
        return scratch;
    }

    void give() {
        value = null;
        if (record.length > KEPT_LENGTH) {
            record = new byte[FIRST_LENGTH];
        }
        if (seen.length > KEPT_LENGTH) {
            seen = new byte[FIRST_LENGTH];
        }
        slots.setRelease(slot * SPREAD, this);
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
